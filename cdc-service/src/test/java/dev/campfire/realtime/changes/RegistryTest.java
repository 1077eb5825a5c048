package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is found for a change, whatever comes between looking at an index and using it. */
final class RegistryTest {

    private final Registry registry = new Registry();
    private final Relation relation = new Relation(
            1,
            "public",
            "things",
            ReplicaIdentity.DEFAULT,
            List.of(new Column("id", PostgresType.base(20, "int8"), true, true)));
    private final Change change =
            new Change(new ChangeId(1, 1, 0), 1, Instant.EPOCH, Operation.INSERT, relation, null, Row.of("1"), null);

    private Subscribers subscribe(long id, String... filters) throws Exception {
        List<Condition> conditions = filters.length == 0 ? List.of() : FilterParser.parse(filters[0]);
        Binding binding = new Binding("*", "public", "things", conditions, null);
        Map<CheckedBinding.Canonical, List<String>> canonical = conditions.isEmpty()
                ? Map.of()
                : Map.of(
                        new CheckedBinding.Canonical(0, "bigint"),
                        List.of(conditions.getFirst().value()));
        Subscribing request = new Subscribing(
                List.of(), new Viewer("anon", "{}"), Subscribing.Form.CURRENT, false, false, failure -> {});
        return registry.add(request, List.of(id), List.of(new CheckedBinding(binding, canonical)))
                .subscribers();
    }

    @Test
    void a_filter_that_comes_while_an_index_is_made_without_columns_makes_it_start_again() throws Exception {
        subscribe(1);
        assertThat(registry.indexing(relation)).isEqualTo(Registry.Indexing.NEEDS_NOTHING);
        subscribe(2, "id=eq.1");

        registry.index(relation, null);

        assertThat(registry.match(change, relation, false)).isNull();
        assertThat(registry.indexing(relation)).isEqualTo(Registry.Indexing.NEEDS_COLUMNS);
    }

    @Test
    void a_filter_that_comes_before_the_index_is_used_does_not_hide_the_change_from_anybody() throws Exception {
        Subscribers all = subscribe(1);
        registry.index(relation, null);
        Subscribers one = subscribe(2, "id=eq.1");

        assertThat(registry.match(change, relation, false)).isNull();
        TableColumn column = new TableColumn("id", "bigint", ValueKind.INTEGER, "", false);
        registry.index(relation, Map.of("id", column));

        assertThat(registry.match(change, relation, false)).containsOnlyKeys(all, one);
    }
}
