package dev.campfire.realtime.changes;

import com.github.benmanes.caffeine.cache.Interner;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.changes.Subscribing.Form;
import dev.campfire.realtime.channel.ChannelKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who has subscribed to what. Safe for use by several threads; every method holds the one lock, and none blocks. */
final class Registry {

    /** How many audiences most changes have. */
    private static final int FEW = 2;

    private final Map<SubscribersId, Subscribers> subscribers = new HashMap<>();
    private final Map<Subscribers, SubscribersId> idsOfSubscribers = new IdentityHashMap<>();
    private final Map<BindingId, ActiveBinding> bindings = new LinkedHashMap<>();
    private final Map<TableName, TableIndex> indexes = new HashMap<>();
    private long audiencesSoFar;
    /** How many of them want to be told of rows that leave. */
    private int leaving;

    /** Equal viewers are one object, so that telling them apart is quick and touches little memory. */
    private final Interner<Viewer> viewers = Interner.newWeakInterner();

    private record SubscribersId(List<BindingId> bindings, Form form, boolean explains, boolean leaves) {}

    private record BindingId(long id, Binding binding) {}

    private record TableName(String schema, String table) {
        static TableName of(Relation relation) {
            return new TableName(relation.schema(), relation.table());
        }
    }

    /**
     * A binding that a change matches, with the conditions that Postgres has yet to decide.
     *
     * @param kind by which image
     */
    record Match(ActiveBinding active, List<FilterQuestion.Case> undecided, Kind kind) {}

    /** How a change matches. */
    enum Kind {
        /** By the image that it leaves, or by the old one at DELETE. */
        REGULAR,
        /** By the old image of an UPDATE, and perhaps by the new one: the row has left when the new one is not seen. */
        MAY_HAVE_LEFT,
        /** By the old image of an UPDATE, and not by the new one. */
        HAS_LEFT
    }

    /** Somebody who has subscribed, to be removed again. */
    record Entry(Subscribers subscribers, Seat seat, Consumer<String> onFailure) {}

    /** Adds a subscriber. */
    synchronized Entry add(Subscribing request, List<Long> ids, List<CheckedBinding> checked) {
        List<BindingId> wanted = new ArrayList<>();
        for (int i = 0; i < checked.size(); i++) {
            wanted.add(new BindingId(ids.get(i), checked.get(i).binding()));
        }
        SubscribersId id = new SubscribersId(wanted, request.form(), request.explains(), request.leaves());
        Subscribers same = subscribers.get(id);
        if (same == null) {
            same = create(request, wanted, checked);
            subscribers.put(id, same);
            idsOfSubscribers.put(same, id);
            leaving += same.leaves() ? 1 : 0;
        }
        // An object of its own, for two subscribers may hand in one that is equal.
        Consumer<String> onFailure = message -> request.onFailure().accept(message);
        return new Entry(same, same.audience().enter(viewers.intern(request.viewer()), onFailure), onFailure);
    }

    private Subscribers create(Subscribing request, List<BindingId> wanted, List<CheckedBinding> checked) {
        List<ActiveBinding> active = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            active.add(activate(wanted.get(i), checked.get(i)));
        }
        Subscribers created = new Subscribers(ChannelKey.changes("changes-" + audiencesSoFar++), request, active);
        active.forEach(binding -> binding.subscribers().add(created));
        return created;
    }

    private ActiveBinding activate(BindingId id, CheckedBinding checked) {
        ActiveBinding known = bindings.get(id);
        if (known != null) {
            return known;
        }
        ActiveBinding active = new ActiveBinding(id.id(), checked);
        bindings.put(id, active);
        for (TableIndex index : List.copyOf(indexes.values())) {
            if (active.binding()
                    .covers(index.relation().schema(), index.relation().table())) {
                addToIndex(index, active);
            }
        }
        return active;
    }

    /** An index that was made when no condition needed the columns' types is made again when its table changes next. */
    private void addToIndex(TableIndex index, ActiveBinding active) {
        if (index.takes(active)) {
            index.add(active);
        } else {
            indexes.remove(TableName.of(index.relation()));
        }
    }

    /** Removes a subscriber; does nothing when it has been removed. */
    synchronized void remove(Entry entry) {
        Subscribers same = entry.subscribers();
        same.audience().leave(entry.seat(), entry.onFailure());
        if (!same.audience().isEmpty()) {
            return;
        }
        SubscribersId id = idsOfSubscribers.remove(same);
        if (id == null) {
            return;
        }
        subscribers.remove(id);
        leaving -= same.leaves() ? 1 : 0;
        for (ActiveBinding active : same.bindings()) {
            active.subscribers().remove(same);
            if (active.subscribers().isEmpty()) {
                deactivate(active);
            }
        }
    }

    private void deactivate(ActiveBinding active) {
        if (bindings.remove(new BindingId(active.id(), active.binding()), active)) {
            indexes.values().forEach(index -> index.remove(active));
        }
    }

    /** Whether a change of the table could concern anybody; in doubt it could. */
    synchronized boolean isSubscribed(Relation relation) {
        TableIndex index = indexes.get(TableName.of(relation));
        return index == null || index.relation() != relation || !index.isEmpty();
    }

    /** What there is to do before a change of this version of the table can be matched. */
    enum Indexing {
        DONE,
        /** {@link #index} is to be called; nobody asks for the columns. */
        NEEDS_NOTHING,
        /** {@link #index} is to be called with the table's columns. */
        NEEDS_COLUMNS
    }

    /** Whether an index of this version of the table is there already. */
    synchronized Indexing indexing(Relation relation) {
        TableIndex index = indexes.get(TableName.of(relation));
        if (index != null && index.relation() == relation) {
            return Indexing.DONE;
        }
        return hasConditions(candidates(relation)) ? Indexing.NEEDS_COLUMNS : Indexing.NEEDS_NOTHING;
    }

    /**
     * Makes the index of a table that is new, or has changed; not, when the columns are missing and somebody has
     * subscribed meanwhile who needs them.
     */
    synchronized void index(Relation relation, @Nullable Map<String, TableColumn> columns) {
        List<ActiveBinding> candidates = candidates(relation);
        if (columns != null || !hasConditions(candidates)) {
            indexes.put(TableName.of(relation), new TableIndex(relation, columns, candidates));
        }
    }

    private static boolean hasConditions(List<ActiveBinding> candidates) {
        return candidates.stream()
                .anyMatch(active -> !active.binding().conditions().isEmpty());
    }

    private List<ActiveBinding> candidates(Relation relation) {
        return bindings.values().stream()
                .filter(active -> active.binding().covers(relation.schema(), relation.table()))
                .toList();
    }

    /**
     * Those whom a change of an indexed table concerns, each with its bindings in the reverse of their order.
     *
     * @param ignoresFilters whether filters do not count
     * @return null when this version of the table is not indexed, or not any more
     */
    synchronized @Nullable Map<Subscribers, List<Match>> match(
            Change change, Relation relation, boolean ignoresFilters) {
        TableIndex index = indexes.get(TableName.of(relation));
        if (index == null || index.relation() != relation) {
            return null;
        }
        Map<Subscribers, List<Match>> matches = new IdentityHashMap<>(FEW);
        Map<ActiveBinding, Match> found = new LinkedHashMap<>();
        if (ignoresFilters) {
            index.all(change.operation(), (active, none) -> found.put(active, new Match(active, none, Kind.REGULAR)));
        } else {
            index.match(change, (active, undecided) -> found.put(active, new Match(active, undecided, Kind.REGULAR)));
        }
        found.forEach((active, match) -> active.subscribers()
                .forEach(some ->
                        matches.computeIfAbsent(some, any -> new ArrayList<>(1)).add(match)));
        if (leaving > 0 && change.operation() == Operation.UPDATE && change.hasWholeOldRow() && !ignoresFilters) {
            index.matchLeaving(change, (active, undecided, stays) -> {
                Match match = new Match(active, undecided, stays ? Kind.MAY_HAVE_LEFT : Kind.HAS_LEFT);
                active.subscribers().stream().filter(Subscribers::leaves).forEach(some -> matches.computeIfAbsent(
                                some, any -> new ArrayList<>(1))
                        .add(match));
            });
        }
        matches.forEach(Registry::sort);
        return matches;
    }

    static void sort(Subscribers some, List<Match> found) {
        if (found.size() > 1) {
            found.sort((left, right) -> Integer.compare(
                    some.bindings().lastIndexOf(right.active()), some.bindings().lastIndexOf(left.active())));
        }
    }

    /** How many different subscriptions there are, for metrics. */
    synchronized int size() {
        return subscribers.size();
    }
}
