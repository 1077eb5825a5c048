package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values of every type, from SQL to the subscriber: what arrives is what Supabase's own service sends, which is
 * {@code to_jsonb} with the exceptions that its decoder makes.
 */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordFidelityIT {

    /** A value longer than a page, which no compression makes short: it is stored out of line. */
    private static final int LARGE = 12_800;

    private final Database database;
    private final ServiceProcess service;
    private final Conversation conversation;
    private JsonNode received = Json.read("{}");
    private JsonNode ofPostgres = Json.read("{}");

    /**
     * A column with a value.
     *
     * @param type its type, with what has to be said of the column
     * @param value the value in SQL
     * @param expected the JSON that clients get; empty where it is exactly what {@code to_jsonb} gives
     */
    record Value(String type, String value, String expected) {

        static Value likeToJsonb(String type, String value) {
            return new Value(type, value, "");
        }

        @Override
        public String toString() {
            return type + " " + value;
        }
    }

    RecordFidelityIT(Backend backend) {
        this.database = Database.create(backend.server());
        database.execute("""
                CREATE TYPE mood AS ENUM ('sad', 'happy', 'so "so"');
                CREATE TYPE pair AS (a int, b text);
                CREATE DOMAIN positive AS int CHECK (VALUE > 0);
                ALTER TABLE messages ALTER COLUMN content SET STORAGE EXTERNAL;
                """);
        this.service = ServiceProcess.forDatabase(database).startHealthy();
        this.conversation = Conversation.open(database, service);
    }

    static List<Value> values() {
        return List.of(
                new Value("int2", "-32768", "-32768"),
                new Value("int4", "2147483647", "2147483647"),
                new Value("int8", "9007199254740993", "9007199254740993"),
                new Value("oid", "42", "\"42\""),
                new Value("numeric", "1.10", "1.10"),
                new Value("numeric(10,2)", "1.5", "1.50"),
                new Value("numeric", "'NaN'", "null"),
                new Value(
                        "numeric",
                        "123456789012345678901234567890.000000000100",
                        "123456789012345678901234567890.000000000100"),
                new Value("float4", "1.1", "1.1"),
                new Value("float8", "0.1", "0.1"),
                new Value("float8", "'NaN'", "null"),
                new Value("float8", "'-Infinity'", "null"),
                new Value("float8", "1e300", "1e300"),
                new Value("bool", "true", "true"),
                new Value(
                        "text",
                        "E'quote \" backslash \\\\ tab \\t umlaut ü emoji 🔥'",
                        "\"quote \\\" backslash \\\\ tab \\t umlaut ü emoji 🔥\""),
                new Value("text", "''", "\"\""),
                new Value("varchar(5)", "'ab'", "\"ab\""),
                new Value("char(5)", "'ab'", "\"ab   \""),
                new Value("bit(4)", "B'1010'", "\"1010\""),
                new Value("varbit", "B'101'", "\"101\""),
                new Value("name", "'a name'", "\"a name\""),
                new Value("uuid", "'B5E80170-004C-4E82-A88C-3E2166B169DD'", "\"b5e80170-004c-4e82-a88c-3e2166b169dd\""),
                new Value("mood", "'so \"so\"'", "\"so \\\"so\\\"\""),
                new Value("xml", "'<a>b</a>'", "\"<a>b</a>\""),
                new Value("inet", "'10.0.0.1/8'", "\"10.0.0.1/8\""),
                new Value("cidr", "'10.0.0.0/8'", "\"10.0.0.0/8\""),
                new Value("interval", "'1 day 02:03:04'", "\"1 day 02:03:04\""),
                new Value("money", "12.34", "\"$12.34\""),
                new Value("point", "'(1,2)'", "\"(1,2)\""),
                new Value("int4range", "'[1,5)'", "\"[1,5)\""),
                new Value(
                        "tstzrange",
                        "'[2025-01-01 00:00+00,2025-01-02 00:00+00)'",
                        "\"[\\\"2025-01-01 00:00:00+00\\\",\\\"2025-01-02 00:00:00+00\\\")\""),
                new Value("tsvector", "'a fat cat'", "\"'a' 'cat' 'fat'\""),
                new Value("timestamp", "'2025-11-19 00:22:40.877'", "\"2025-11-19T00:22:40.877\""),
                new Value("timestamp", "'2025-11-19 00:22:40'", "\"2025-11-19T00:22:40\""),
                new Value("timestamptz", "'2025-11-19 00:22:40.877+02'", "\"2025-11-18T22:22:40.877+00:00\""),
                new Value("timestamptz", "'2025-11-19 00:22:40.123456+00'", "\"2025-11-19T00:22:40.123456+00:00\""),
                new Value("timestamptz", "'infinity'", "\"infinity\""),
                new Value("timestamp", "'-infinity'", "\"-infinity\""),
                new Value("date", "'infinity'", "\"infinity\""),
                new Value("date", "'2025-11-19'", "\"2025-11-19\""),
                Value.likeToJsonb("date", "'0044-03-15 BC'"),
                Value.likeToJsonb("timestamp", "'0044-03-15 12:00 BC'"),
                Value.likeToJsonb("timestamptz", "'12025-01-01 00:00+00'"),
                new Value("time", "'12:34:56.5'", "\"12:34:56.5\""),
                new Value("timetz", "'12:34:56+02'", "\"12:34:56+02\""),
                new Value("bytea", "'\\x0102ff'", "\"0102ff\""),
                new Value("bytea[]", "ARRAY['\\x01'::bytea]", "[\"\\\\x01\"]"),
                new Value("json", "'{\"b\": 1, \"a\": {\"x\": null}, \"b\": 2}'", "{\"a\":{\"x\":null},\"b\":2}"),
                new Value("jsonb", "'{\"bb\": 1.10, \"a\": [1, \"2\", null]}'", "{\"a\":[1,\"2\",null],\"bb\":1.10}"),
                new Value("jsonb", "'\"123\"'", "\"123\""),
                new Value("int4[]", "ARRAY[1,2,NULL]", "[1,2,null]"),
                new Value("int4[][]", "ARRAY[[1,2],[3,4]]", "[[1,2],[3,4]]"),
                new Value("int4[]", "'{}'", "[]"),
                new Value("text[]", "ARRAY['a,b','\"','NULL',NULL,'']", "[\"a,b\",\"\\\"\",\"NULL\",null,\"\"]"),
                new Value("timestamptz[]", "ARRAY['2025-01-01'::timestamptz]", "[\"2025-01-01T00:00:00+00:00\"]"),
                new Value("mood[]", "ARRAY['sad','happy']::mood[]", "[\"sad\",\"happy\"]"),
                new Value("jsonb[]", "ARRAY['{\"a\":1}'::jsonb]", "[{\"a\":1}]"),
                new Value("pair", "ROW(1,'x')", "{\"a\":1,\"b\":\"x\"}"),
                new Value("pair", "ROW(NULL,'a \"quoted\", one')", "{\"a\":null,\"b\":\"a \\\"quoted\\\", one\"}"),
                new Value("pair[]", "ARRAY[ROW(1,'x')::pair]", "[{\"a\":1,\"b\":\"x\"}]"),
                new Value("positive", "5", "5"),
                new Value("text", "NULL", "null"));
    }

    @BeforeAll
    void send_one_row_with_everything() {
        List<Value> values = values();
        database.execute("ALTER TABLE messages "
                + IntStream.range(0, values.size())
                        .mapToObj(i -> "ADD COLUMN c" + i + " " + values.get(i).type())
                        .collect(Collectors.joining(", ")));
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            socket.join(conversation.channel());
            UUID id = UUID.randomUUID();
            database.execute("INSERT INTO messages (id, conversation_id, organization_id, content, sender_type, "
                    + columns().collect(Collectors.joining(", ")) + ") VALUES ('" + id + "', '" + conversation.id()
                    + "', '" + conversation.organization() + "', 'everything', 'system', "
                    + values.stream().map(Value::value).collect(Collectors.joining(", ")) + ")");
            received = socket.awaitBroadcast("message:created").payload().at("/payload/record");
            ofPostgres = Json.read(database.value("SELECT to_jsonb(m)::text FROM messages m WHERE id = ?", id));
        }
    }

    private static Stream<String> columns() {
        return IntStream.range(0, values().size()).mapToObj(i -> "c" + i);
    }

    @AfterEach
    void know_old_rows_whole() {
        database.execute("ALTER TABLE messages REPLICA IDENTITY FULL");
    }

    @AfterAll
    void close() {
        service.close();
        database.close();
    }

    @ParameterizedTest
    @MethodSource("values")
    void arrives_as_supabase_sends_it(Value value) {
        String column = "c" + values().indexOf(value);

        String expected = value.expected().isEmpty()
                ? ofPostgres.path(column).toString()
                : Json.read(value.expected()).toString();

        assertThat(received.path(column).toString()).isEqualTo(expected);
    }

    @Test
    void every_column_arrives_and_none_else() {
        assertThat(received.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(ofPostgres::fieldNames);
    }

    @Test
    void a_large_value_that_an_update_leaves_alone_is_there_when_old_rows_are_logged_whole() {
        String large = "x".repeat(LARGE);
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            UUID message = conversation.say(large);
            socket.join(conversation.channel());

            conversation.change(message, "status = 'delivered'");

            JsonNode payload =
                    socket.awaitBroadcast("message:updated").payload().path("payload");
            assertThat(payload.at("/record/content").asText()).isEqualTo(large);
            assertThat(payload.at("/old_record/content").asText()).isEqualTo(large);
        }
    }

    @Test
    void a_large_value_that_an_update_leaves_alone_is_absent_when_only_keys_are_logged() {
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            database.execute("ALTER TABLE messages REPLICA IDENTITY DEFAULT");
            UUID message = conversation.say("x".repeat(LARGE));
            socket.join(conversation.channel());

            conversation.change(message, "status = 'delivered'");

            JsonNode payload =
                    socket.awaitBroadcast("message:updated").payload().path("payload");
            assertThat(payload.path("record").has("content")).isFalse();
            assertThat(payload.at("/record/status").asText()).isEqualTo("delivered");
            assertThat(payload.path("old_record")).isEqualTo(Json.read("{\"id\":\"" + message + "\"}"));
        }
    }

    @Test
    void a_column_that_is_added_while_the_service_runs_arrives() {
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            socket.join(conversation.channel());

            database.execute("ALTER TABLE messages ADD COLUMN added_later text DEFAULT 'there'");
            conversation.say("with a new column");

            assertThat(socket.awaitBroadcast("message:created")
                            .payload()
                            .at("/payload/record/added_later")
                            .asText())
                    .isEqualTo("there");
        }
    }
}
