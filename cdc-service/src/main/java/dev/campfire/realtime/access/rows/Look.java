package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Row;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** One change as one role's viewers see it: what of it is decided, and what is to be asked. For one thread. */
final class Look {

    private static final String HIDDEN = "row-level security does not show it to them";
    private static final String UNKNOWN = "its policies read more than the change tells";

    private final TableView view;
    private final Side newSide;
    private final Side oldSide;
    /** Made when they are needed, and shared: those who see the same are told apart by identity. */
    private final @Nullable Sight[] partial = new Sight[3];

    /** What decides whether an image is seen. */
    private sealed interface Side {}

    /** The same for all viewers. */
    private record Settled(boolean isVisible, String why) implements Side {}

    /** One viewer sees it, another one does not. */
    private record Asked(
            Book book, Projection image, @Nullable ConcurrentMap<Object, Boolean> page) implements Side {}

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

    private Sight sight(boolean seesNew, boolean seesOld) {
        if (seesNew && seesOld) {
            return view.whole();
        }
        int place = seesNew ? 0 : seesOld ? 1 : 2;
        Sight made = partial[place];
        if (made == null) {
            made = view.rights().partial(seesNew, seesOld, why());
            partial[place] = made;
        }
        return made;
    }

    /** What each of these sees; the stage fails when Postgres can't be asked. */
    CompletableFuture<Map<Viewer, Sight>> ask(Collection<Viewer> viewers) {
        CompletableFuture<Map<Viewer, Verdict>> newOnes = verdicts(newSide, viewers);
        CompletableFuture<Map<Viewer, Verdict>> oldOnes =
                oldSide instanceof Same ? newOnes : verdicts(oldSide, viewers);
        return newOnes.thenCombine(oldOnes, (ofNew, ofOld) -> {
            Map<Viewer, Sight> sights = HashMap.newHashMap(viewers.size());
            for (Viewer viewer : viewers) {
                sights.put(
                        viewer,
                        sight(ofNew.getOrDefault(viewer, Verdict.HIDDEN), ofOld.getOrDefault(viewer, Verdict.HIDDEN)));
            }
            return sights;
        });
    }

    private Sight sight(Verdict ofNew, Verdict ofOld) {
        String failure = ofNew.failure() != null ? ofNew.failure() : ofOld.failure();
        return failure == null
                ? sight(ofNew.isVisible(), ofOld.isVisible())
                : view.rights()
                        .partial(ofNew.isVisible(), ofOld.isVisible(), "its policies fail with SQLSTATE " + failure);
    }

    private static CompletableFuture<Map<Viewer, Verdict>> verdicts(Side side, Collection<Viewer> viewers) {
        return switch (side) {
            case Settled settled -> {
                Map<Viewer, Verdict> verdicts = HashMap.newHashMap(viewers.size());
                viewers.forEach(viewer -> verdicts.put(viewer, Verdict.of(settled.isVisible())));
                yield CompletableFuture.completedFuture(verdicts);
            }
            case Asked(Book book, Projection image, var page) -> book.ask(image, viewers);
            case Same same -> throw new IllegalStateException("decided with the other side");
        };
    }
}
