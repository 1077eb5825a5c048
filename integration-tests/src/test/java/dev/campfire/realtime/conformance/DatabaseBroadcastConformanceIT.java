package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import java.util.List;

/** Broadcasts that the database makes. */
class DatabaseBroadcastConformanceIT extends Conformance {

    @Override
    String title() {
        return "Broadcast from the database";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of(
                        "5.4-send",
                        "realtime.send reaches the channel, with its row's id in meta and payload",
                        scene -> {
                            Member member = scene.member();
                            scene.sql("SELECT realtime.send('{\"a\": 1}', 'e', '$', false)");
                            PhoenixMessage message = member.hears("e");
                            String id = scene.database()
                                    .value("SELECT id FROM realtime.messages WHERE topic = ?", scene.channel());
                            assertThat(message.payload())
                                    .isEqualTo(scene.json("{'type':'broadcast','event':'e','meta':{'id':'" + id
                                            + "','seq':1},'payload':{'a':1,'id':'" + id + "'}}"));
                            assertThat(message.frame().opcode()).isEqualTo(scene.isV2() ? Frame.BINARY : Frame.TEXT);
                        }),
                Case.of("5.4-send-keeps-id", "An id that the payload has already stays", scene -> {
                    Member member = scene.member();
                    scene.sql("SELECT realtime.send('{\"id\": 7}', 'e', '$', false)");
                    assertThat(member.hears("e").payload().path("payload")).isEqualTo(scene.json("{'id':7}"));
                }),
                Case.of("5.4-private-by-default", "realtime.send is private unless it says otherwise", scene -> {
                    scene.allow();
                    Member open = scene.member();
                    Member hidden = scene.member("{'private':true}");
                    scene.sql(
                            "SELECT realtime.send('{}', 'private', '$'); SELECT realtime.send('{}', 'public', '$', false)");
                    hidden.hears("private");
                    open.hearsFirst("public");
                    assertThat(hidden.rest()).isEmpty();
                }),
                Case.of(
                        "5.4-send-binary",
                        "realtime.send_binary reaches version 2 as bytes, version 1 not at all",
                        scene -> {
                            Member two = scene.memberOf("2.0.0", "{}");
                            Member one = scene.memberOf("1.0.0", "{}");
                            scene.sql("SELECT realtime.send_binary('\\x0102ff'::bytea, 'e', '$', false);"
                                    + " SELECT realtime.send('{}', 'marker', '$', false)");
                            byte[] frame = two.hears("e").frame().payload();
                            String id = scene.database()
                                    .value(
                                            "SELECT id FROM realtime.messages WHERE topic = ? AND event = 'e'",
                                            scene.channel());
                            assertThat(frame)
                                    .isEqualTo(two.broadcastFrame(
                                            "e", "{\"id\":\"" + id + "\",\"seq\":1}", 0, new byte[] {1, 2, (byte) 0xFF
                                            }));
                            one.hearsFirst("marker");
                        }),
                Case.of(
                        "5.4-insert",
                        "A plain INSERT into realtime.messages is a broadcast, whatever its extension",
                        scene -> {
                            Member member = scene.member();
                            scene.sql("INSERT INTO realtime.messages (topic, extension, event, payload, private)"
                                    + " VALUES ('$', 'other', 'e', '{\"a\": 1.10}', false)");
                            assertThat(member.hears("e").payload().path("payload"))
                                    .isEqualTo(scene.json("{'a':1.10}"));
                        }),
                Case.of("5.4-incomplete", "A row without an event or payload is none", scene -> {
                    Member member = scene.member();
                    scene.sql("INSERT INTO realtime.messages (topic, extension, payload, private)"
                            + " VALUES ('$', 'broadcast', '{}', false);"
                            + " INSERT INTO realtime.messages (topic, extension, event, private)"
                            + " VALUES ('$', 'broadcast', 'e', false);"
                            + " SELECT realtime.send('{}', 'marker', '$', false)");
                    member.hearsFirst("marker");
                }),
                Case.of("5.4-rolled-back", "What is rolled back is not sent", scene -> {
                    Member member = scene.member();
                    try (var connection = scene.database().connect();
                            var statement = connection.createStatement()) {
                        connection.setAutoCommit(false);
                        statement.execute("SELECT realtime.send('{}', 'undone', '" + scene.channel() + "', false)");
                        connection.rollback();
                    }
                    scene.sql("SELECT realtime.send('{}', 'marker', '$', false)");
                    member.hearsFirst("marker");
                }),
                Case.of(
                                "5.4-order",
                                "Broadcasts of the database keep the order of commits, also with row changes between",
                                scene -> {
                                    Table table = scene.table("id int PRIMARY KEY");
                                    Member member = scene.member(Table.listening(table.entry("*")));
                                    member.system("ok", "Subscribed to PostgreSQL");
                                    // The first row waits until the role's privileges have been read.
                                    table.run("INSERT INTO $ VALUES (-1)");
                                    member.socket().await("anything", any -> true);
                                    for (int i = 0; i < 10; i++) {
                                        scene.sql("SELECT realtime.send('{}', 'e" + i + "', '$', false)");
                                        table.run("INSERT INTO $ VALUES (" + i + ")");
                                    }
                                    for (int i = 0; i < 10; i++) {
                                        assertThat(member.socket()
                                                        .await("anything", any -> true)
                                                        .userEvent())
                                                .isEqualTo("e" + i);
                                        assertThat(member.socket()
                                                        .await("anything", any -> true)
                                                        .payload()
                                                        .at("/data/record/id")
                                                        .asInt())
                                                .isEqualTo(i);
                                    }
                                })
                        .differs(
                                "The original reads broadcasts and row changes through two slots, without a common order."),
                Case.of(
                        "5.4-broadcast-changes",
                        "realtime.broadcast_changes tells of a trigger's row, on the private side",
                        this::trigger),
                Case.of(
                        "5.4-broadcast-changes-level",
                        "realtime.broadcast_changes refuses statements and other operations",
                        scene -> {
                            for (String arguments : List.of(
                                    "'t', 'e', 'TRUNCATE', 'x', 'public', null::record, null::record",
                                    "'t', 'e', 'INSERT', 'x', 'public', null::record, null::record, 'STATEMENT'")) {
                                assertThat(org.assertj.core.api.Assertions.catchThrowable(() ->
                                                scene.sql("SELECT realtime.broadcast_changes(" + arguments + ")")))
                                        .isNotNull();
                            }
                        }),
                Case.of(
                        "5.4-send-never-fails",
                        "A broadcast that can't be sent does not undo its transaction",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            table.run("INSERT INTO $ VALUES (1); SELECT realtime.send('{}', 'e', NULL, false)");
                            assertThat(scene.database().value("SELECT count(*) FROM public." + table.name()))
                                    .isEqualTo("1");
                        }),
                Case.of("5.4-topic", "realtime.topic() is NULL outside of a question", scene -> assertThat(
                                scene.database().value("SELECT coalesce(realtime.topic(), 'none')"))
                        .isEqualTo("none")),
                Case.of(
                                "5.4-logical-message",
                                "pg_logical_emit_message with the prefix realtime.broadcast is a broadcast without a table",
                                scene -> {
                                    Member member = scene.member();
                                    scene.sql(
                                            "SELECT pg_logical_emit_message(true, 'realtime.broadcast',"
                                                    + " '{\"topic\":\"$\",\"event\":\"e\",\"payload\":{\"a\":1.10},\"private\":false}')");
                                    PhoenixMessage message = member.hears("e");
                                    assertThat(message.payload().path("payload"))
                                            .isEqualTo(scene.json("{'a':1.10}"));
                                    assertThat(message.payload().at("/meta/id").asText())
                                            .isNotEmpty();
                                })
                        .differs("The original has no such thing."),
                Case.of("5.4-not-a-change", "Rows of realtime.messages are no row changes for a wildcard", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'postgres_changes':[{'event':'*','schema':'*'}]}");
                    scene.sql("SELECT realtime.send('{}', 'e', '$', false)");
                    table.run("INSERT INTO $ VALUES (1)");
                    assertThat(member.change().path("table").asText()).isEqualTo(table.name());
                }),
                Case.of(
                        "5.5-replay",
                        "A join of a private channel replays what was sent since, oldest first",
                        scene -> {
                            scene.allow();
                            send(scene, 3);
                            Member member = scene.member(replay(0, ""));
                            for (int i = 0; i < 3; i++) {
                                PhoenixMessage message = member.hearsFirst("e" + i);
                                assertThat(message.payload()
                                                .at("/meta/replayed")
                                                .asBoolean())
                                        .isTrue();
                                assertThat(message.payload().at("/meta/id").asText())
                                        .isEqualTo(message.payload()
                                                .at("/payload/id")
                                                .asText());
                                assertThat(message.frame().opcode()).isEqualTo(Frame.TEXT);
                                assertThat(message.joinRef()).isEqualTo(scene.isV2() ? member.joinRef() : null);
                            }
                        }),
                Case.of("5.5-one-transaction", "Messages of one transaction are replayed in their order", scene -> {
                            scene.allow();
                            scene.sql("SELECT realtime.send('{}', 'e0', '$'); SELECT realtime.send('{}', 'e1', '$');"
                                    + " SELECT realtime.send('{}', 'e2', '$')");
                            Member member = scene.member(replay(0, ""));
                            for (int i = 0; i < 3; i++) {
                                member.hearsFirst("e" + i);
                            }
                        })
                        .differs("The original replays them in reverse."),
                Case.of("5.5-limit", "limit takes the newest, 25 at most", scene -> {
                    scene.allow();
                    send(scene, 30);
                    Member two = scene.member(replay(0, ",'limit':2"));
                    two.hearsFirst("e28");
                    two.hearsFirst("e29");
                    Member many = scene.member(replay(0, ",'limit':1000"));
                    many.hearsFirst("e5");
                }),
                Case.of("5.5-since", "What was sent before since is not replayed", scene -> {
                    scene.allow();
                    send(scene, 1);
                    long now = Long.parseLong(scene.database()
                            .value("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 1"));
                    Member member = scene.member(replay(now + 1000, ""));
                    scene.sql("SELECT realtime.send('{}', 'live', '$')");
                    assertThat(member.hearsFirst("live").payload().path("meta").has("replayed"))
                            .isFalse();
                }),
                Case.of("5.5-then-live", "Live messages follow what was replayed, none twice", scene -> {
                    scene.allow();
                    send(scene, 5);
                    Member member = scene.member(replay(0, ""));
                    scene.sql("SELECT realtime.send('{}', 'live', '$')");
                    for (int i = 0; i < 5; i++) {
                        member.hearsFirst("e" + i);
                    }
                    member.hearsFirst("live");
                    assertThat(member.rest()).isEmpty();
                }),
                Case.of("5.5-binary", "Bytes are replayed to version 2, and skipped for version 1", scene -> {
                    scene.allow();
                    scene.sql("SELECT realtime.send_binary('\\x0102ff'::bytea, 'e', '$')");
                    scene.sql("SELECT realtime.send('{}', 'marker', '$')");
                    Member member = scene.member(replay(0, ""));
                    if (scene.isV2()) {
                        JsonNode meta = member.hearsFirst("e").payload().path("meta");
                        assertThat(meta.path("replayed").asBoolean()).isTrue();
                        assertThat(meta.path("id").asText()).isNotEmpty();
                    }
                    member.hearsFirst("marker");
                }),
                Case.of(
                        "5.5-public-refused",
                        "Replay of a public channel is refused",
                        scene -> scene.refuses(
                                "{'config':{'broadcast':{'replay':{'since':0}}}}",
                                "UnableToReplayMessages: Replay is not allowed for public channels")),
                Case.of("5.5-bad-params", "Replay without a good since is refused", scene -> {
                    scene.allow();
                    for (String replay : List.of("{'limit':2}", "{'since':'yesterday'}")) {
                        scene.refuses(
                                "{'config':{'private':true,'broadcast':{'replay':" + replay + "}}}",
                                "UnableToReplayMessages: Replay params are not valid");
                    }
                }),
                Case.of("5.5-not-others", "Only what was sent to the private side of the topic is replayed", scene -> {
                    scene.allow();
                    scene.sql("SELECT realtime.send('{}', 'public', '$', false);"
                            + " SELECT realtime.send('{}', 'elsewhere', '$-other');"
                            + " SELECT realtime.send('{}', 'private', '$')");
                    scene.member(replay(0, "")).hearsFirst("private");
                }));
    }

    private static String replay(long since, String more) {
        return "{'private':true,'broadcast':{'replay':{'since':" + since + more + "}}}";
    }

    private static void send(Scene scene, int messages) {
        for (int i = 0; i < messages; i++) {
            scene.sql("SELECT realtime.send('{}', 'e" + i + "', '$')");
        }
    }

    private void trigger(Scene scene) {
        scene.allow();
        Table table = scene.table("id int PRIMARY KEY, name text");
        String function = "public.f_" + table.name();
        scene.closing(() -> scene.database().execute("DROP FUNCTION IF EXISTS " + function + " CASCADE"));
        scene.database()
                .execute("CREATE FUNCTION " + function + "() RETURNS trigger LANGUAGE plpgsql AS $b$ BEGIN"
                        + " PERFORM realtime.broadcast_changes('" + scene.channel()
                        + "', TG_OP, TG_OP, TG_TABLE_NAME, TG_TABLE_SCHEMA, NEW, OLD); RETURN NULL; END $b$");
        Member member = scene.member("{'private':true}");
        table.run("CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE ON $ FOR EACH ROW EXECUTE FUNCTION " + function
                + "()");
        table.run("INSERT INTO $ VALUES (1, 'a')")
                .run("UPDATE $ SET name = 'b'")
                .run("DELETE FROM $");
        JsonNode insert = member.hearsFirst("INSERT").payload().path("payload");
        assertThat(insert.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "record", "old_record", "operation", "table", "schema");
        assertThat(insert.path("record")).isEqualTo(Json.read("{\"id\":1,\"name\":\"a\"}"));
        assertThat(insert.path("old_record").isNull()).isTrue();
        assertThat(insert.path("table").asText()).isEqualTo(table.name());
        JsonNode update = member.hearsFirst("UPDATE").payload().path("payload");
        assertThat(update.at("/old_record/name").asText()).isEqualTo("a");
        assertThat(member.hearsFirst("DELETE").payload().at("/payload/record").isNull())
                .isTrue();
    }
}
