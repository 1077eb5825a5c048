package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.changes.Subscribing.Form;
import dev.campfire.realtime.channel.ChannelKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has subscribed to what. Safe for use by several threads; every method holds the one lock, and none blocks. */
final class Registry {

    /** How many audiences most changes have. */
    private static final int FEW = 2;

    private final Map<AudienceId, Audience> audiences = new HashMap<>();
    private final Map<Audience, AudienceId> idsOfAudiences = new IdentityHashMap<>();
    private final Map<BindingId, ActiveBinding> bindings = new LinkedHashMap<>();
    private final Map<TableName, TableIndex> indexes = new HashMap<>();
    private long audiencesSoFar;

    /** Equal viewers are one object, so that telling them apart is quick and touches little memory. */
    private final Map<Viewer, Viewers> viewers = new HashMap<>();

    /** A viewer, and how many audiences have it. */
    private static final class Viewers {
        private final Viewer shared;
        private int audiences;

        Viewers(Viewer shared) {
            this.shared = shared;
        }
    }

    private record AudienceId(List<BindingId> bindings, Viewer viewer, Form form, boolean explains) {}

    private record BindingId(long id, Binding binding) {}

    private record TableName(String schema, String table) {
        static TableName of(Relation relation) {
            return new TableName(relation.schema(), relation.table());
        }
    }

    /** A binding that a change matches, with the conditions that Postgres has yet to decide. */
    record Match(ActiveBinding active, List<FilterQuestion.Case> undecided) {}

    /** Adds a subscriber, and returns its audience. */
    synchronized Audience add(Subscribing request, List<Long> ids, List<CheckedBinding> checked) {
        List<BindingId> wanted = new ArrayList<>();
        for (int i = 0; i < checked.size(); i++) {
            wanted.add(new BindingId(ids.get(i), checked.get(i).binding()));
        }
        AudienceId id = new AudienceId(wanted, request.viewer(), request.form(), request.explains());
        Audience audience = audiences.get(id);
        if (audience == null) {
            audience = create(request, wanted, checked);
            audiences.put(id, audience);
            idsOfAudiences.put(audience, id);
        }
        audience.members().add(request);
        return audience;
    }

    private Audience create(Subscribing request, List<BindingId> wanted, List<CheckedBinding> checked) {
        List<ActiveBinding> active = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            active.add(activate(wanted.get(i), checked.get(i)));
        }
        Viewers same = viewers.computeIfAbsent(request.viewer(), Viewers::new);
        same.audiences++;
        Audience audience =
                new Audience(ChannelKey.changes("changes-" + audiencesSoFar++), request, same.shared, active);
        active.forEach(binding -> binding.audiences().add(audience));
        return audience;
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
    synchronized void remove(Audience audience, Subscribing request) {
        if (!audience.members().removeIf(member -> member == request)
                || !audience.members().isEmpty()) {
            return;
        }
        AudienceId id = idsOfAudiences.remove(audience);
        if (id != null) {
            audiences.remove(id);
            viewers.computeIfPresent(audience.viewer(), (viewer, same) -> --same.audiences == 0 ? null : same);
        }
        for (ActiveBinding active : audience.bindings()) {
            active.audiences().remove(audience);
            if (active.audiences().isEmpty()) {
                deactivate(active);
            }
        }
    }

    private void deactivate(ActiveBinding active) {
        if (bindings.remove(new BindingId(active.id(), active.binding()), active)) {
            indexes.values().forEach(index -> index.remove(active));
        }
    }

    /** Everybody who would like to hear of a failure. */
    synchronized List<Subscribing> members(Audience audience) {
        return List.copyOf(audience.members());
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
     * The audiences that a change of an indexed table concerns, each with its bindings in the reverse of their order.
     *
     * @param ignoresFilters whether filters do not count
     * @return null when this version of the table is not indexed, or not any more
     */
    synchronized @Nullable Map<Audience, List<Match>> match(Change change, Relation relation, boolean ignoresFilters) {
        TableIndex index = indexes.get(TableName.of(relation));
        if (index == null || index.relation() != relation) {
            return null;
        }
        Map<Audience, List<Match>> matches = new IdentityHashMap<>(FEW);
        Map<ActiveBinding, List<FilterQuestion.Case>> bindingsFound = new LinkedHashMap<>();
        if (ignoresFilters) {
            index.all(change.operation(), bindingsFound::put);
        } else {
            index.match(change, bindingsFound::put);
        }
        bindingsFound.forEach((active, undecided) -> {
            for (Audience audience : active.audiences()) {
                matches.computeIfAbsent(audience, any -> new ArrayList<>(1)).add(new Match(active, undecided));
            }
        });
        matches.forEach(Registry::sort);
        return matches;
    }

    private static void sort(Audience audience, List<Match> found) {
        if (found.size() > 1) {
            found.sort((left, right) -> Integer.compare(
                    audience.bindings().lastIndexOf(right.active()),
                    audience.bindings().lastIndexOf(left.active())));
        }
    }

    /** How many audiences there are, for metrics. */
    synchronized int size() {
        return audiences.size();
    }
}
