package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of one table, as the table is now: those with an equality are found by the value, all others are looked
 * at one by one. Guarded by the registry's lock.
 */
final class TableIndex {

    private final Relation relation;
    private final @Nullable Map<String, TableColumn> columns;
    private final Map<ActiveBinding, Entry> entries = new LinkedHashMap<>();
    private final Map<Integer, Map<String, List<Entry>>> byValue = new HashMap<>();
    private final List<Entry> others = new ArrayList<>();

    /**
     * A binding for this table.
     *
     * @param tests its conditions; null when one of the columns is not there: then nothing matches
     */
    record Entry(ActiveBinding active, @Nullable List<ColumnTest> tests) {}

    /** @param columns the table's columns; null when no binding has a condition, so that nobody asked for them */
    TableIndex(Relation relation, @Nullable Map<String, TableColumn> columns, Collection<ActiveBinding> bindings) {
        this.relation = relation;
        this.columns = columns;
        bindings.forEach(this::add);
    }

    Relation relation() {
        return relation;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether this index knows enough for the binding. */
    boolean takes(ActiveBinding active) {
        return columns != null || active.binding().conditions().isEmpty();
    }

    void add(ActiveBinding active) {
        Entry entry = new Entry(active, tests(active.checked()));
        entries.put(active, entry);
        ColumnTest key = key(entry);
        if (key == null || key.values() == null) {
            others.add(entry);
            return;
        }
        Map<String, List<Entry>> values = byValue.computeIfAbsent(key.index(), any -> new HashMap<>());
        key.values().stream().distinct().forEach(value -> values.computeIfAbsent(value, any -> new ArrayList<>(1))
                .add(entry));
    }

    void remove(ActiveBinding active) {
        Entry entry = entries.remove(active);
        if (entry == null) {
            return;
        }
        ColumnTest key = key(entry);
        Map<String, List<Entry>> values = key == null ? null : byValue.get(key.index());
        if (key == null || key.values() == null || values == null) {
            others.remove(entry);
            return;
        }
        for (String value : key.values()) {
            values.computeIfPresent(value, (same, list) -> {
                list.remove(entry);
                return list.isEmpty() ? null : list;
            });
        }
    }

    private static @Nullable ColumnTest key(Entry entry) {
        if (entry.tests() == null) {
            return null;
        }
        return entry.tests().stream().filter(ColumnTest::isEquality).findFirst().orElse(null);
    }

    private @Nullable List<ColumnTest> tests(CheckedBinding checked) {
        List<Condition> conditions = checked.binding().conditions();
        List<ColumnTest> tests = new ArrayList<>(conditions.size());
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            TableColumn column = columns == null ? null : columns.get(condition.column());
            int index = relation.indexOf(condition.column());
            if (column == null || index < 0) {
                return null;
            }
            tests.add(new ColumnTest(index, column, condition, checked.canonical(i, column.type())));
        }
        return tests;
    }

    /** All bindings that want this operation, whatever their filters. */
    void all(Operation operation, BiConsumer<ActiveBinding, List<FilterQuestion.Case>> matches) {
        for (Entry entry : entries.values()) {
            if (entry.active().binding().wants(operation)) {
                matches.accept(entry.active(), List.of());
            }
        }
    }

    /**
     * Finds the bindings that a change matches.
     *
     * @param matches gets each, with the conditions that Postgres has yet to decide
     */
    void match(Change change, BiConsumer<ActiveBinding, List<FilterQuestion.Case>> matches) {
        Row row = change.operation() == Operation.DELETE ? change.before() : change.after();
        if (row != null) {
            match(change, row, matches);
        }
    }

    /** What is told of a binding whose rows an UPDATE may have taken away. */
    interface Leaving {

        /**
         * @param undecided the conditions on the old image that Postgres has yet to decide
         * @param stays whether the new image may match as well
         */
        void found(ActiveBinding active, List<FilterQuestion.Case> undecided, boolean stays);
    }

    /** Finds the bindings for deletions that the old image of an UPDATE matches; it must be whole. */
    void matchLeaving(Change change, Leaving leaving) {
        Row before = change.before();
        Row after = change.after();
        if (before == null || after == null) {
            return;
        }
        entriesFor(change, before, entry -> {
            List<FilterQuestion.Case> undecided =
                    entry.active().binding().wants(Operation.DELETE) ? undecided(entry, change, before) : null;
            if (undecided != null) {
                leaving.found(entry.active(), undecided, undecided(entry, change, after) != null);
            }
        });
    }

    private void match(Change change, Row row, BiConsumer<ActiveBinding, List<FilterQuestion.Case>> matches) {
        entriesFor(change, row, entry -> {
            List<FilterQuestion.Case> undecided =
                    entry.active().binding().wants(change.operation()) ? undecided(entry, change, row) : null;
            if (undecided != null) {
                matches.accept(entry.active(), undecided);
            }
        });
    }

    /** Those that may match the row; those with an equality only where the value is theirs. */
    private void entriesFor(Change change, Row row, Consumer<Entry> entries) {
        others.forEach(entries);
        byValue.forEach((column, values) -> {
            String text = isKnown(change, row, column) ? text(change, row, column) : null;
            if (text != null) {
                values.getOrDefault(text, List.of()).forEach(entries);
            }
        });
    }

    /** The conditions that Postgres has yet to decide; null when one does not hold. */
    private @Nullable List<FilterQuestion.Case> undecided(Entry entry, Change change, Row row) {
        if (entry.tests() == null) {
            return null;
        }
        List<FilterQuestion.Case> undecided = List.of();
        for (ColumnTest test : entry.tests()) {
            if (!isKnown(change, row, test.index())) {
                return null;
            }
            String text = text(change, row, test.index());
            Truth truth = test.evaluate(text);
            if (truth == Truth.NO) {
                return null;
            }
            // NULL is never asked about: what it makes of a condition is known.
            if (truth == Truth.ASK && text != null) {
                undecided = new ArrayList<>(undecided);
                undecided.add(new FilterQuestion.Case(test, text));
            }
        }
        return undecided;
    }

    /** Whether the change tells the column's value. An old image that is a key tells nothing of other columns. */
    private boolean isKnown(Change change, Row row, int column) {
        if (column >= row.size()) {
            return false;
        }
        if (change.operation() == Operation.DELETE) {
            return relation.columns().get(column).inReplicaIdentity() && !row.isUnchanged(column);
        }
        return !row.isUnchanged(column) || change.hasWholeOldRow();
    }

    private static @Nullable String text(Change change, Row row, int column) {
        Row older = change.before();
        return row.isUnchanged(column) && older != null ? older.text(column) : row.text(column);
    }
}
