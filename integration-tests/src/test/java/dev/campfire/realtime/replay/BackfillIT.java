package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.EventsApi;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that were there before the service was, of tables of all kinds. Each test has a table of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedBackend.class)
@Apart
class BackfillIT {

    private static final String TABLES = """
            CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO service_role;
            CREATE TABLE shop.composite (kind text, at timestamptz, room text, amount numeric, tags text[], PRIMARY KEY (kind, at));
            INSERT INTO shop.composite
              SELECT 'k''' || n % 7, '2026-01-01'::timestamptz + n * interval '1.5 s', 'composite', n / 3.0, ARRAY['a', n::text]
                FROM generate_series(1, 1200) n;
            CREATE TABLE shop.large (id int PRIMARY KEY, room text, body text);
            ALTER TABLE shop.large ALTER body SET STORAGE EXTERNAL;
            INSERT INTO shop.large SELECT n, 'large', repeat(md5(n::text), 10000) FROM generate_series(1, 12) n;
            CREATE TABLE shop.narrow (id int PRIMARY KEY, room text, name text, secret text,
                                      twice int GENERATED ALWAYS AS (id * 2) STORED);
            INSERT INTO shop.narrow (id, room, name, secret) SELECT n, 'narrow', 'n' || n, 's' FROM generate_series(1, 20) n;
            CREATE TABLE shop.parted (id int, room text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
            CREATE TABLE shop.parted_a PARTITION OF shop.parted FOR VALUES FROM (0) TO (50);
            CREATE TABLE shop.parted_b PARTITION OF shop.parted FOR VALUES FROM (50) TO (100);
            INSERT INTO shop.parted SELECT n, 'parted' FROM generate_series(1, 99) n;
            CREATE TABLE shop.simple (id int PRIMARY KEY, room text, name text);
            INSERT INTO shop.simple SELECT n, 'simple', 'n' || n FROM generate_series(1, 40) n;
            CREATE TABLE shop.slow (id int PRIMARY KEY, room text);
            INSERT INTO shop.slow SELECT n, 'slow' FROM generate_series(1, 2000) n;
            CREATE TABLE shop.unkeyed (id int, room text); ALTER TABLE shop.unkeyed REPLICA IDENTITY FULL;
            CREATE TABLE shop.unpublished (id int PRIMARY KEY, room text);
            CREATE TABLE shop.unruled (id int PRIMARY KEY, room text);
            CREATE TABLE shop.forbidden (id int PRIMARY KEY, room text);
            ALTER PUBLICATION supabase_realtime ADD TABLE shop.composite, shop.large, shop.parted, shop.simple, shop.slow,
              shop.unkeyed, shop.unruled, shop.forbidden, shop.narrow (id, room, name) WHERE (id > 5);
            GRANT SELECT ON ALL TABLES IN SCHEMA shop TO service_role;
            REVOKE SELECT ON shop.forbidden FROM service_role""";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Backend backend;
    private final HttpClient http = HttpClient.newHttpClient();
    private Database database;
    private EventsApi events;
    private ServiceProcess service;
    private final String token = Tokens.ofRole("service_role", Duration.ofHours(1));

    @TempDir
    static Path folder;

    BackfillIT(Backend backend) {
        this.backend = backend;
    }

    @BeforeAll
    void start() throws IOException {
        database = Database.create(backend.server());
        database.execute(TABLES);
        Path file = Files.writeString(folder.resolve("rules.yaml"), rules());
        service = ServiceProcess.forDatabase(database)
                .with("CAMPFIRE_MAPPING", file.toString())
                .startHealthy();
        events = new EventsApi(service.port(), token);
    }

    private static String rules() {
        String tables = Stream.of(
                        "composite",
                        "large",
                        "narrow",
                        "parted_a",
                        "parted_b",
                        "simple",
                        "slow",
                        "unkeyed",
                        "unpublished",
                        "forbidden")
                .map("""
                          - table: %s
                            schema: shop
                            belongs_to: [room]
                            channels:
                              room: room:{room}
                            events:
                              - event: row:created
                                custom: true
                                operation: INSERT
                                to: room
                        """::formatted)
                .collect(Collectors.joining());
        return "version: 1\ntables:\n" + tables;
    }

    @AfterAll
    void close() {
        events.close();
        http.close();
        service.close();
        database.close();
    }

    private HttpResponse<String> ask(String method, String path, Map<String, Object> body, String bearer) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("Authorization", "Bearer " + bearer)
                .method(method, BodyPublishers.ofString(Json.write(body)))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private JsonNode begin(Map<String, Object> body) {
        HttpResponse<String> answer = ask("POST", "/api/backfills", body, token);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        return Json.read(answer.body());
    }

    private JsonNode done(JsonNode begun) {
        String path = "/api/backfills/" + begun.path("id").asText();
        return await().atMost(PATIENCE)
                .until(() -> Json.read(ask("GET", path, Map.of(), token).body()), state -> List.of(
                                "done", "failed", "cancelled")
                        .contains(state.path("state").asText()));
    }

    private JsonNode backfill(Map<String, Object> body) {
        JsonNode state = done(begin(body));
        assertThat(state.path("state").asText()).as(state.toString()).isEqualTo("done");
        return state;
    }

    private List<JsonNode> told(String room) {
        return events.all("room:" + room, null, 500);
    }

    private String refusal(Map<String, Object> body) {
        HttpResponse<String> answer = ask("POST", "/api/backfills", body, token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        return Json.read(answer.body()).path("detail").asText();
    }

    @Test
    void rows_with_keys_of_several_columns_are_told_as_to_jsonb_has_them_once_and_numbered() {
        JsonNode state = backfill(Map.of("table", "shop.composite"));

        List<JsonNode> told = told("composite");
        assertThat(state.path("rows_read").asInt()).isEqualTo(1200);
        assertThat(state.path("rows_told").asInt()).isEqualTo(1200);
        assertThat(told).hasSize(1200);
        Map<String, JsonNode> expected = new HashMap<>();
        for (String row : database.column("SELECT kind || '|' || at || '=' || to_jsonb(c) FROM shop.composite c")) {
            JsonNode json = Json.read(row.split("=", 2)[1]);
            expected.put(json.path("kind") + "|" + json.path("at"), json);
        }
        for (int i = 0; i < told.size(); i++) {
            JsonNode event = told.get(i);
            JsonNode json = event.at("/payload/record");
            assertThat(event.path("event").asText()).isEqualTo("row:created");
            assertThat(event.at("/meta/backfill").asBoolean()).isTrue();
            assertThat(event.path("seq").asInt()).isEqualTo(i + 1);
            assertThat(json).isEqualTo(expected.remove(json.path("kind") + "|" + json.path("at")));
        }
        assertThat(expected).isEmpty();
    }

    @Test
    void large_values_are_told_whole_in_chunks_of_few_rows() {
        backfill(Map.of("table", "shop.large"));

        List<JsonNode> told = told("large");
        assertThat(told).hasSize(12).allSatisfy(event -> assertThat(
                        event.at("/payload/record/body").asText())
                .hasSize(320_000));
        // Each chunk has a commit of its own, which its events' positions begin with.
        assertThat(told.stream()
                        .map(event -> event.path("id").asText().substring(0, 22))
                        .distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void columns_and_rows_that_the_publication_leaves_out_are_not_told() {
        backfill(Map.of("table", "shop.narrow"));

        assertThat(told("narrow")).hasSize(15).allSatisfy(event -> {
            assertThat(event.at("/payload/record/id").asInt()).isGreaterThan(5);
            assertThat(event.at("/payload/record").properties().stream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder("id", "room", "name");
        });
    }

    @Test
    void partitions_are_told_one_after_the_other_as_the_stream_tells_them() {
        JsonNode state = backfill(Map.of("table", "shop.parted"));

        assertThat(state.path("rows_told").asInt()).isEqualTo(99);
        assertThat(told("parted"))
                .extracting(event -> event.at("/payload/table").asText())
                .hasSize(99)
                .contains("parted_a", "parted_b");
    }

    @Test
    void who_subscribes_to_the_table_hears_of_changes_alone() {
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0", token)) {
            Map<String, Object> config = Map.of(
                    "private",
                    true,
                    "postgres_changes",
                    List.of(Map.of("event", "*", "schema", "shop", "table", "simple")));
            assertThat(socket.join("room:simple", config)).isNotEmpty();
            database.execute("INSERT INTO shop.simple VALUES (100, 'simple', 'live')");
            socket.awaitEvent("postgres_changes");

            backfill(Map.of("table", "shop.simple", "where", "id <= 30"));
            database.execute("INSERT INTO shop.simple VALUES (101, 'simple', 'last')");
            var last = socket.await("the last row", message -> message.event().equals("postgres_changes"));

            assertThat(last.payload().at("/data/record/id").asInt()).isEqualTo(101);
            List<JsonNode> told = told("simple");
            assertThat(told.stream().filter(event -> event.at("/meta/backfill").asBoolean()))
                    .hasSize(30);
        }
        // What is told already is not told again, also not by another condition.
        JsonNode rest = backfill(Map.of("table", "shop.simple"));
        assertThat(rest.path("rows_read").asInt()).isEqualTo(42);
        assertThat(rest.path("rows_told").asInt()).isEqualTo(10);
        JsonNode second = begin(Map.of("table", "shop.simple"));
        assertThat(second.path("id")).isEqualTo(rest.path("id"));
        JsonNode again = backfill(Map.of("table", "shop.simple", "again", true));
        assertThat(again.path("rows_told").asInt()).isEqualTo(42);
    }

    @Test
    void a_backfill_that_is_cancelled_tells_nothing_more() {
        JsonNode begun = begin(Map.of("table", "shop.slow", "rows_per_second", 500));
        await().atMost(PATIENCE).until(() -> !told("slow").isEmpty());

        JsonNode cancelled =
                Json.read(ask("DELETE", "/api/backfills/" + begun.path("id").asText(), Map.of(), token)
                        .body());

        assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
        assertThat(told("slow")).hasSize(cancelled.path("rows_told").asInt()).hasSizeLessThan(2000);
    }

    @Test
    void a_dry_run_counts_the_rows_that_meet_the_condition_and_tells_nothing() {
        try (Launcher tool = Launcher.run(
                "backfill",
                "--table",
                "shop.large",
                "--where",
                "id > 3 AND body ~ '[?]' OR id = 2",
                "--dry-run",
                "--url",
                service.url())) {
            assertThat(tool.awaitExit()).isZero();
            assertThat(tool.lines()).last().isEqualTo("1 rows of shop.large would be told of");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop.unkeyed | has no primary key",
                "shop.unpublished | ALTER PUBLICATION \"supabase_realtime\" ADD TABLE \"shop\".\"unpublished\";",
                "shop.unruled | No rule of the mapping is about shop.unruled",
                "shop.forbidden | GRANT SELECT ON TABLE \"shop\".\"forbidden\" TO service_role;",
                "shop.nothing | There is no table shop.nothing",
                "realtime.messages | hold broadcasts, not rows"
            })
    void what_can_t_be_done_is_refused_with_what_would_help(String table, String text) {
        assertThat(refusal(Map.of("table", table))).contains(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id = 1) OR (true | two parentheses",
                "id = 1; DELETE FROM shop.large | a second statement",
                "nothing = 1 | a column that is not there",
                "id | no condition",
                "(SELECT count(*) FROM pg_authid) > 0 | what service_role may not read"
            })
    void a_condition_that_can_t_be_taken_is_refused(String where, String why) {
        assertThat(refusal(Map.of("table", "shop.large", "where", where)))
                .as(why)
                .isNotEmpty();
        assertThat(database.value("SELECT count(*) FROM shop.large")).isEqualTo("12");
    }

    @Test
    void only_service_role_may_ask() {
        assertThat(ask("GET", "/api/backfills", Map.of(), Tokens.anon()).statusCode())
                .isEqualTo(403);
        assertThat(ask("POST", "/api/backfills", Map.of("table", "shop.large"), Tokens.authenticated("u"))
                        .statusCode())
                .isEqualTo(403);
    }
}
