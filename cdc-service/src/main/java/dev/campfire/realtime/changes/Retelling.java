package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells somebody what they have missed: judged by the policies as they are now, on the images of then. Safe for use by
 * several threads; blocks while Postgres is asked.
 */
public final class Retelling {

    /** How long an answer of Postgres is awaited. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RowVisibility visibility;
    private final FilterQuestion filters;

    public Retelling(Database database, RowVisibility visibility) {
        this.visibility = visibility;
        this.filters = new FilterQuestion(database);
    }

    /**
     * The messages, in order.
     *
     * @param viewer who missed it
     * @param rows what they have subscribed to of {@code postgres_changes}; null for nothing
     * @throws SQLException when Postgres can't be asked what they may have: nothing may be told then
     */
    public List<Message> retell(List<MissedChange> changes, Viewer viewer, @Nullable MissedRows rows)
            throws SQLException, InterruptedException {
        List<Part> parts = new ArrayList<>();
        for (MissedChange missed : changes) {
            addParts(missed, rows, parts);
        }
        judge(parts, viewer);
        Set<FilterQuestion.Case> cases = new HashSet<>();
        for (Part part : parts) {
            if (part.offer != null && part.sight != null) {
                cases.addAll(part.offer.undecided());
            }
        }
        Set<FilterQuestion.Case> holding = cases.isEmpty() ? Set.of() : filters.holding(cases);
        List<Message> messages = new ArrayList<>();
        for (Part part : parts) {
            messages.addAll(part.messages(holding));
        }
        return messages;
    }

    /** Something that is told at once: messages for everybody, or an offer that depends on what is seen of its change. */
    private static final class Part {
        private final Change change;
        private final List<? extends Message> forAll;
        private final @Nullable Offer offer;
        private @Nullable Sight sight;

        Part(Change change, List<? extends Message> forAll, @Nullable Offer offer) {
            this.change = change;
            this.forAll = forAll;
            this.offer = offer;
        }

        List<? extends Message> messages(Set<FilterQuestion.Case> holding) {
            return offer == null || sight == null ? forAll : offer.messages(sight, holding);
        }
    }

    private static void addParts(MissedChange missed, @Nullable MissedRows rows, List<Part> parts) throws SQLException {
        Change change = missed.change();
        if (!missed.ofNoRow().isEmpty()) {
            parts.add(new Part(change, missed.ofNoRow(), null));
        }
        if (missed.ofRow() != null) {
            parts.add(new Part(change, List.of(), missed.ofRow()));
        }
        Offer offer = rows == null || !missed.isToldToSubscribers() ? null : rows.offer(change);
        if (offer != null) {
            parts.add(new Part(change, List.of(), offer));
        }
    }

    private void judge(List<Part> parts, Viewer viewer) throws SQLException, InterruptedException {
        List<Part> offered = parts.stream().filter(part -> part.offer != null).toList();
        List<@Nullable Sight> sights =
                sights(offered.stream().map(part -> part.change).toList(), viewer);
        for (int i = 0; i < offered.size(); i++) {
            offered.get(i).sight = sights.get(i);
        }
    }

    /**
     * Which of some messages a viewer is told, where each is told whole or not at all.
     *
     * @param needs of each message
     * @return the places of those that are told; null when of one only a part is, which {@link #retell} gives
     * @throws SQLException when Postgres can't be asked what they may have: nothing may be told then
     */
    public @Nullable BitSet told(List<Need> needs, Viewer viewer) throws SQLException, InterruptedException {
        List<Change> changes = new ArrayList<>(needs.size());
        for (Need need : needs) {
            if (need.change() != null) {
                changes.add(need.change());
            }
        }
        Iterator<@Nullable Sight> sights = sights(changes, viewer).iterator();
        BitSet told = new BitSet(needs.size());
        for (int i = 0; i < needs.size(); i++) {
            Need need = needs.get(i);
            Sight sight = need.change() == null ? null : sights.next();
            switch (need.share(sight)) {
                case NOTHING -> {}
                case ALL -> told.set(i);
                case PART -> {
                    return null;
                }
            }
        }
        return told;
    }

    /** What is seen of each change; null for nothing. */
    private List<@Nullable Sight> sights(List<Change> changes, Viewer viewer)
            throws SQLException, InterruptedException {
        List<@Nullable Sight> known = visibility.known(changes, viewer);
        Panel alone = Panel.of(viewer);
        List<@Nullable CompletableFuture<List<Share>>> answers = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            answers.add(
                    known.get(i) != null
                            ? null
                            : visibility.ask(changes.get(i), alone).toCompletableFuture());
        }
        List<@Nullable Sight> sights = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            CompletableFuture<List<Share>> answer = answers.get(i);
            sights.add(answer == null ? known.get(i) : answer(answer).getFirst().sight());
        }
        return sights;
    }

    private static List<Share> answer(CompletableFuture<List<Share>> answer) throws SQLException, InterruptedException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new SQLException("Postgres could not be asked who may have a row", e);
        }
    }
}
