package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table of the standard, from which tests make changes as capture would. */
final class TestTable {

    static final String ORG = "b5e80170-004c-4e82-a88c-3e2166b169dd";
    static final String OTHER_ORG = "c0000000-0000-4000-8000-000000000001";
    static final String CONVERSATION = "48eedfba-2568-4231-bb38-2ce20420900d";
    static final String OTHER_CONVERSATION = "c0000000-0000-4000-8000-000000000002";
    static final String MESSAGE = "a0000000-0000-4000-8000-000000000003";
    static final ChangeId ID = new ChangeId(0xABCDEF, 0x16_B374_D848L, 7);
    static final Instant COMMIT_TIME = Instant.parse("2025-11-19T00:22:40.877654Z");

    private static final PostgresType UUID = PostgresType.base(2950, "uuid");
    private static final PostgresType TEXT = PostgresType.base(25, "text");
    private static final PostgresType JSONB = PostgresType.base(3802, "jsonb");
    private static final PostgresType TIMESTAMPTZ = PostgresType.base(1184, "timestamptz");
    private static final PostgresType BOOL = PostgresType.base(16, "bool");

    private final Relation relation;
    private final @Nullable String[] defaults;

    private TestTable(Relation relation, @Nullable String... defaults) {
        this.relation = relation;
        this.defaults = defaults;
    }

    static TestTable messages(ReplicaIdentity identity) {
        return new TestTable(
                new Relation(
                        1,
                        "public",
                        "messages",
                        identity,
                        List.of(
                                column("id", UUID, identity),
                                column("conversation_id", UUID, identity),
                                column("organization_id", UUID, identity),
                                column("content", TEXT, identity),
                                column("status", TEXT, identity),
                                column("metadata", JSONB, identity),
                                column("created_at", TIMESTAMPTZ, identity))),
                MESSAGE,
                CONVERSATION,
                ORG,
                "Hello \"you\"",
                "sent",
                null,
                "2025-11-18 22:22:40.877+00");
    }

    static TestTable conversations(ReplicaIdentity identity) {
        return new TestTable(
                new Relation(
                        2,
                        "public",
                        "conversations",
                        identity,
                        List.of(
                                column("id", UUID, identity),
                                column("organization_id", UUID, identity),
                                column("status", TEXT, identity),
                                column("assigned_agent_id", UUID, identity),
                                column("ai_active", BOOL, identity),
                                column("ai_handover_status", TEXT, identity))),
                CONVERSATION,
                ORG,
                "open",
                null,
                "t",
                null);
    }

    static TestTable of(String schema, String table, String... columns) {
        List<Column> all = Arrays.stream(columns)
                .map(name -> column(name, TEXT, ReplicaIdentity.FULL))
                .toList();
        return new TestTable(new Relation(3, schema, table, ReplicaIdentity.FULL, all), new String[columns.length]);
    }

    private static Column column(String name, PostgresType type, ReplicaIdentity identity) {
        boolean isKey = Set.of("id").contains(name);
        return new Column(name, type, isKey, isKey || identity == ReplicaIdentity.FULL);
    }

    Relation relation() {
        return relation;
    }

    /** A row with the table's usual values but for these, given as column, value, column, value. */
    Row row(@Nullable String... columnsAndValues) {
        @Nullable String[] values = defaults.clone();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            values[relation.indexOf(String.valueOf(columnsAndValues[i]))] = columnsAndValues[i + 1];
        }
        return Row.of(values);
    }

    /** The same row with the values of some columns left out, as an UPDATE leaves out what it did not touch. */
    Row withUnchanged(Row row, String... columns) {
        Row.Builder builder = new Row.Builder(row.size());
        for (int i = 0; i < row.size(); i++) {
            if (List.of(columns).contains(relation.columns().get(i).name())) {
                builder.addUnchanged();
            } else {
                builder.addFrom(row, i);
            }
        }
        return builder.build();
    }

    Change insert(Row after) {
        return change(Operation.INSERT, null, after);
    }

    Change update(@Nullable Row before, Row after) {
        return change(Operation.UPDATE, before, after);
    }

    Change delete(Row before) {
        return change(Operation.DELETE, before, null);
    }

    Change change(Operation operation, @Nullable Row before, @Nullable Row after) {
        return new Change(ID, 42, COMMIT_TIME, operation, relation, before, after, null);
    }
}
