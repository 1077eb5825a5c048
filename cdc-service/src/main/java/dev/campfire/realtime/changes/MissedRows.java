package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who has subscribed to {@code postgres_changes} is offered of changes that were before. For one thread at a
 * time; blocks.
 */
public final class MissedRows {

    /** A table by its names. */
    public record Table(String schema, String name) {}

    private final Subscribers subscribers;
    private final TableCatalog catalog;
    private final int recordLimit;
    private final Map<Relation, TableIndex> indexes = new IdentityHashMap<>();

    /** @param recordLimit how many bytes a record may have before large values are left out */
    MissedRows(Subscribers subscribers, TableCatalog catalog, int recordLimit) {
        this.subscribers = subscribers;
        this.catalog = catalog;
        this.recordLimit = recordLimit;
    }

    /** The tables of the publication that were subscribed to. */
    public Set<Table> tables() throws SQLException {
        Set<Table> tables = new HashSet<>();
        for (ActiveBinding active : subscribers.bindings()) {
            for (PublishedTable table : catalog.covered(active.binding())) {
                tables.add(new Table(table.schema(), table.table()));
            }
        }
        return tables;
    }

    /** What is offered of a change; null when it does not concern them. */
    @Nullable
    Offer offer(Change change) throws SQLException {
        Relation relation = change.relation();
        if (relation == null) {
            return null;
        }
        boolean hasNoKey = change.operation() != Operation.DELETE
                && relation.columns().stream().noneMatch(Column::inPrimaryKey);
        List<Registry.Match> matches = matches(change, index(relation), hasNoKey);
        if (matches.isEmpty()) {
            return null;
        }
        ChangeData data = new ChangeData(change, relation, recordLimit);
        return new RowOffer(new MatchedChange(change, relation, data, hasNoKey, 0, true), subscribers, matches);
    }

    private List<Registry.Match> matches(Change change, TableIndex index, boolean ignoresFilters) {
        Map<ActiveBinding, Registry.Match> found = new LinkedHashMap<>();
        if (ignoresFilters) {
            index.all(
                    change.operation(),
                    (active, none) -> found.put(active, new Registry.Match(active, none, Registry.Kind.REGULAR)));
        } else {
            index.match(
                    change,
                    (active, undecided) ->
                            found.put(active, new Registry.Match(active, undecided, Registry.Kind.REGULAR)));
        }
        List<Registry.Match> matches = new ArrayList<>(found.values());
        if (subscribers.leaves()
                && change.operation() == Operation.UPDATE
                && change.hasWholeOldRow()
                && !ignoresFilters) {
            index.matchLeaving(
                    change,
                    (active, undecided, stays) -> matches.add(new Registry.Match(
                            active, undecided, stays ? Registry.Kind.MAY_HAVE_LEFT : Registry.Kind.HAS_LEFT)));
        }
        Registry.sort(subscribers, matches);
        return matches;
    }

    private TableIndex index(Relation relation) throws SQLException {
        TableIndex known = indexes.get(relation);
        if (known != null) {
            return known;
        }
        List<ActiveBinding> candidates = subscribers.bindings().stream()
                .filter(active -> active.binding().covers(relation.schema(), relation.table()))
                .toList();
        TableIndex index =
                new TableIndex(relation, catalog.columns(Integer.toUnsignedLong(relation.oid())), candidates);
        indexes.put(relation, index);
        return index;
    }
}
