package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes of the standard's tables as capture hands them on. */
public final class MappedRows {

    private static final String ORGANIZATION = "b5e80170-004c-4e82-a88c-3e2166b169dd";
    private static final String CONVERSATION = "48eedfba-2568-4231-bb38-2ce20420900d";
    private static final String OTHER_CONVERSATION = "c0000000-0000-4000-8000-000000000001";
    private static final String AGENT = "a0000000-0000-4000-8000-000000000009";
    private static final String TIME = "2025-11-18 22:22:40.877123+00";

    private static final PostgresType UUID = PostgresType.base(2950, "uuid");
    private static final PostgresType TEXT = PostgresType.base(25, "text");
    private static final PostgresType JSONB = PostgresType.base(3802, "jsonb");
    private static final PostgresType TIMESTAMPTZ = PostgresType.base(1184, "timestamptz");
    private static final PostgresType BOOL = PostgresType.base(16, "bool");

    private static final Relation MESSAGES = table(
            1,
            "messages",
            column("id", UUID),
            column("conversation_id", UUID),
            column("organization_id", UUID),
            column("sender_id", UUID),
            column("sender_type", TEXT),
            column("content", TEXT),
            column("status", TEXT),
            column("metadata", JSONB),
            column("created_at", TIMESTAMPTZ),
            column("updated_at", TIMESTAMPTZ));

    private static final Relation CONVERSATIONS = table(
            2,
            "conversations",
            column("id", UUID),
            column("organization_id", UUID),
            column("status", TEXT),
            column("assigned_agent_id", UUID),
            column("ai_active", BOOL),
            column("ai_handover_status", TEXT),
            column("metadata", JSONB),
            column("updated_at", TIMESTAMPTZ));

    private MappedRows() {}

    /** A message that was inserted. */
    public static Change inserted() {
        return change(Operation.INSERT, MESSAGES, null, message("sent", CONVERSATION));
    }

    /** One change of each kind, in a fixed order. */
    static Map<String, Change> kinds() {
        Map<String, Change> kinds = new LinkedHashMap<>();
        kinds.put("message inserted", change(Operation.INSERT, MESSAGES, null, message("sent", CONVERSATION)));
        kinds.put(
                "message edited",
                change(Operation.UPDATE, MESSAGES, message("sent", CONVERSATION), message("sent", CONVERSATION)));
        kinds.put(
                "message read",
                change(Operation.UPDATE, MESSAGES, message("sent", CONVERSATION), message("read", CONVERSATION)));
        kinds.put("message deleted", change(Operation.DELETE, MESSAGES, message("sent", CONVERSATION), null));
        kinds.put(
                "message moved",
                change(Operation.UPDATE, MESSAGES, message("sent", CONVERSATION), message("sent", OTHER_CONVERSATION)));
        kinds.put(
                "conversation updated",
                change(Operation.UPDATE, CONVERSATIONS, conversation("open", AGENT), conversation("open", AGENT)));
        kinds.put(
                "conversation closed",
                change(Operation.UPDATE, CONVERSATIONS, conversation("open", AGENT), conversation("closed", AGENT)));
        kinds.put(
                "conversation assigned",
                change(Operation.UPDATE, CONVERSATIONS, conversation("open", null), conversation("open", AGENT)));
        return kinds;
    }

    private static Row message(String status, String conversation) {
        return Row.of(
                "a0000000-0000-4000-8000-000000000003",
                conversation,
                ORGANIZATION,
                AGENT,
                "agent",
                "Dear \"you\", ".repeat(17),
                status,
                "{\"client\": \"web\", \"attempt\": 1}",
                TIME,
                TIME);
    }

    private static Row conversation(String status, @Nullable String agent) {
        return Row.of(CONVERSATION, ORGANIZATION, status, agent, "t", null, "{\"source\": \"widget\"}", TIME);
    }

    private static Change change(Operation operation, Relation table, @Nullable Row before, @Nullable Row after) {
        return new Change(
                new ChangeId(0xABCDEF, 0x16_B374_D848L, 7),
                42,
                Instant.parse("2025-11-19T00:22:40.877654Z"),
                operation,
                table,
                before,
                after,
                null);
    }

    private static Relation table(int oid, String name, Column... columns) {
        return new Relation(oid, "public", name, Relation.ReplicaIdentity.FULL, List.of(columns));
    }

    private static Column column(String name, PostgresType type) {
        return new Column(name, type, name.equals("id"), true);
    }
}
