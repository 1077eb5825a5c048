package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Judgement;
import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.access.rows.Divisions.Division;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One change as one role's viewers see it: what of it is decided, and what is to be asked. For one thread. */
final class Look {

    private static final String HIDDEN = "row-level security does not show it to them";
    private static final String UNKNOWN = "its policies read more than the change tells";

    private final TableView view;
    private final Side newSide;
    private final Side oldSide;

    /** What decides whether an image is seen. */
    private sealed interface Side {}

    /** The same for all viewers. */
    private record Settled(boolean isVisible, String why) implements Side {}

    /** One viewer sees it, another one does not. */
    private record Asked(
            Book book, Projection image, @Nullable Page page) implements Side {}

    /** What holds for the other side. */
    private record Same() implements Side {}

    private static final Settled VISIBLE = new Settled(true, "");

    Look(TableView view, Change change) {
        this.view = view;
        this.newSide = newSide(change);
        this.oldSide = oldSide(change);
    }

    /**
     * Whether two changes of one version of a table look the same to each viewer, because they differ in nothing that the
     * policies read; false also when that is not plain.
     */
    static boolean isAlike(TableView view, Change one, Change other) {
        Predicate predicate = view.rights().predicate();
        if (predicate == null) {
            return true;
        }
        return predicate instanceof Predicate.Asked asked
                && one.operation() == other.operation()
                && one.hasWholeOldRow() == other.hasWholeOldRow()
                && isAlike(one.after(), other.after(), asked.columns())
                && isAlike(one.before(), other.before(), asked.columns());
    }

    private static boolean isAlike(@Nullable Row one, @Nullable Row other, List<ImageColumn> columns) {
        if (one == null || other == null) {
            return one == other;
        }
        for (ImageColumn column : columns) {
            int index = column.index();
            if (index >= one.size() || index >= other.size() || !one.sameValue(index, other, index)) {
                return false;
            }
        }
        return true;
    }

    private String why() {
        if (newSide instanceof Settled(boolean sees, String reason) && !sees) {
            return reason;
        }
        return oldSide instanceof Settled(boolean sees, String reason) && !sees ? reason : HIDDEN;
    }

    private Side newSide(Change change) {
        Predicate predicate = view.rights().predicate();
        if (predicate == null || change.operation() == Operation.DELETE) {
            return VISIBLE;
        }
        if (predicate instanceof Predicate.Asked asked && view.book() != null) {
            Projection image = Projection.ofNew(change, asked.columns());
            if (image != null) {
                return new Asked(view.book(), image, view.book().page(image));
            }
        }
        // The image does not tell enough, as when a large value was left alone: the row itself has to.
        Reread reread = view.rights().reread();
        if (reread != null && view.reread() != null) {
            Projection image = reread.image(change);
            if (image != null) {
                return new Asked(view.reread(), image, null);
            }
        }
        return new Settled(false, predicate instanceof Predicate.Never(String why) ? why : UNKNOWN);
    }

    private Side oldSide(Change change) {
        Predicate predicate = view.rights().predicate();
        if (predicate == null) {
            return VISIBLE;
        }
        if (change.operation() == Operation.INSERT) {
            return new Same();
        }
        if (change.before() == null) {
            return change.operation() == Operation.UPDATE ? new Same() : new Settled(false, UNKNOWN);
        }
        if (predicate instanceof Predicate.Asked asked && view.book() != null) {
            Projection image = Projection.ofOld(change, asked.columns());
            if (image != null) {
                return new Asked(view.book(), image, view.book().page(image));
            }
        }
        return new Settled(false, predicate instanceof Predicate.Never(String why) ? why : UNKNOWN);
    }

    /** What a viewer sees, as far as it is known; null when it is not. */
    @Nullable
    Sight known(Viewer viewer) {
        Boolean seesNew = known(newSide, viewer);
        Boolean seesOld = oldSide instanceof Same ? seesNew : known(oldSide, viewer);
        return seesNew == null || seesOld == null ? null : sight(seesNew, seesOld);
    }

    private static @Nullable Boolean known(Side side, Viewer viewer) {
        return switch (side) {
            case Settled settled -> settled.isVisible();
            case Asked(Book book, Projection image, var page) -> page == null ? null : book.known(page, viewer);
            case Same same -> null;
        };
    }

    /** What each of a panel sees, as far as it is known. */
    Judgement known(Panel panel, Supplier<Divisions> divisions) {
        if (newSide instanceof Settled(boolean seesNew, var whyNew)) {
            if (oldSide instanceof Same) {
                return new Judgement(List.of(new Share(sight(seesNew, seesNew), panel.set())), List.of());
            }
            if (oldSide instanceof Settled(boolean seesOld, var whyOld)) {
                return new Judgement(List.of(new Share(sight(seesNew, seesOld), panel.set())), List.of());
            }
        }
        Division ofNew = division(newSide, panel, divisions);
        Division ofOld = oldSide instanceof Same ? ofNew : division(oldSide, panel, divisions);
        if (ofNew == null || ofOld == null) {
            return new Judgement(List.of(), panel.viewers());
        }
        BitSet known = Sharing.and(ofNew.known(), ofOld.known());
        Sharing sharing = new Sharing(panel, divisions.get());
        sharing.add(known, ofNew.seeing(), ofOld.seeing(), this::sight);
        return new Judgement(sharing.shares(), others(panel, known));
    }

    /** How a side's answers divide a panel; null where there are none. */
    private static @Nullable Division division(Side side, Panel panel, Supplier<Divisions> divisions) {
        return switch (side) {
            case Settled settled -> {
                BitSet all = Verdicts.everybody(panel);
                yield new Division(0, 0, all, settled.isVisible() ? all : new BitSet());
            }
            case Asked(Book book, Projection image, var page) ->
                page == null ? null : divisions.get().by(panel, book, page);
            case Same same -> null;
        };
    }

    private static List<Viewer> others(Panel panel, BitSet some) {
        int missing = panel.viewers().size() - some.cardinality();
        if (missing == 0) {
            return List.of();
        }
        if (missing == panel.viewers().size()) {
            return panel.viewers();
        }
        List<Viewer> others = new ArrayList<>(missing);
        for (int i = some.nextClearBit(0); i < panel.viewers().size(); i = some.nextClearBit(i + 1)) {
            others.add(panel.viewers().get(i));
        }
        return others;
    }

    private Sight sight(boolean seesNew, boolean seesOld) {
        if (seesNew && seesOld) {
            return view.whole();
        }
        return view.rights().partial(seesNew, seesOld, why());
    }

    /** What each of a panel sees; the stage fails when Postgres can't be asked. */
    CompletableFuture<List<Share>> ask(Panel panel, Divisions divisions) {
        CompletableFuture<Verdicts> newOnes = verdicts(newSide, panel);
        CompletableFuture<Verdicts> oldOnes = oldSide instanceof Same ? newOnes : verdicts(oldSide, panel);
        return newOnes.thenCombine(oldOnes, (ofNew, ofOld) -> shares(panel, ofNew, ofOld, divisions));
    }

    private List<Share> shares(Panel panel, Verdicts ofNew, Verdicts ofOld, Divisions divisions) {
        Sharing sharing = new Sharing(panel, divisions);
        BitSet rest = Verdicts.everybody(panel);
        Map<Failure, BitSet> failed = new LinkedHashMap<>(0);
        ofNew.failures().forEach((place, state) -> fail(place, state, ofNew, ofOld, failed));
        ofOld.failures().forEach((place, state) -> {
            if (!ofNew.failures().containsKey(place)) {
                fail(place, state, ofNew, ofOld, failed);
            }
        });
        failed.forEach((failure, places) -> {
            rest.andNot(places);
            sharing.add(places, () -> view.rights()
                    .partial(
                            failure.seesNew(),
                            failure.seesOld(),
                            "its policies fail with SQLSTATE " + failure.state()));
        });
        sharing.add(rest, ofNew.seeing(), ofOld.seeing(), this::sight);
        return sharing.shares();
    }

    /** What those see for whom policies fail, and with what. */
    private record Failure(String state, boolean seesNew, boolean seesOld) {}

    private static void fail(int place, String state, Verdicts ofNew, Verdicts ofOld, Map<Failure, BitSet> failed) {
        Failure failure =
                new Failure(state, ofNew.seeing().get(place), ofOld.seeing().get(place));
        failed.computeIfAbsent(failure, any -> new BitSet()).set(place);
    }

    private static CompletableFuture<Verdicts> verdicts(Side side, Panel panel) {
        return switch (side) {
            case Settled settled -> CompletableFuture.completedFuture(Verdicts.of(panel, settled.isVisible()));
            case Asked(Book book, Projection image, var page) -> book.ask(image, panel);
            case Same same -> throw new IllegalStateException("decided with the other side");
        };
    }
}
