package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import dev.campfire.realtime.support.ToolProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The replay tool where the service, its policies and its journal are changed in between. */
@ExtendWith(SharedBackend.class)
@Apart
class ReplayStoredIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Database database;
    private final String operator = Tokens.ofRole("service_role", Duration.ofHours(1));
    private Path journal;
    private ServiceProcess service;

    ReplayStoredIT(Backend backend) {
        this.database = Database.create(backend.server());
    }

    @BeforeEach
    void start() {
        journal = folder.resolve("journal");
        service = settings().startHealthy();
    }

    private ServiceProcess.Settings settings() {
        return ServiceProcess.forDatabase(database).with("CAMPFIRE_JOURNAL", journal.toString());
    }

    @AfterEach
    void stop() {
        service.close();
        database.close();
    }

    private ToolProcess.Result online(String command, String... arguments) {
        return tool(Map.of("CAMPFIRE_URL", service.url(), "CAMPFIRE_TOKEN", operator), command, arguments);
    }

    private ToolProcess.Result stored(String command, String... arguments) {
        return tool(Map.of("CAMPFIRE_JOURNAL", journal.toString()), command, arguments);
    }

    private static ToolProcess.Result tool(Map<String, String> variables, String command, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = command;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return ToolProcess.run(variables, all);
    }

    private void awaitLines(int count, String... arguments) {
        await().atMost(PATIENCE).until(() -> online("replay", arguments).lines().size() == count);
    }

    @Test
    void a_stopped_directory_gives_the_bytes_that_the_running_service_gave() throws Exception {
        Conversation conversation = Conversation.open(database, service);
        new MessageCopy(conversation).copy(0, 700);
        database.execute("SELECT realtime.send('{\"n\": 1}', 'said', 'room', false)");
        awaitLines(701, "--channel", conversation.channel());
        awaitLines(1, "--channel", "room");

        ToolProcess.Result running = online("replay");
        ToolProcess.Result some = online("replay", "--channel", "org:*:conv:*", "--event", "message:created");
        JsonNode held = Json.read(online("journal", "--json").out());
        ToolProcess.Result listed = online("journal", "--list", "--json");
        ToolProcess.Result inUse = stored("replay", "--journal", journal.toString());
        service.terminate(Duration.ofSeconds(20));

        assertThat(running.lines()).hasSizeGreaterThan(700);
        assertThat(some.lines()).hasSize(700);
        assertThat(stored("replay").out()).isEqualTo(running.out());
        assertThat(stored("replay", "--channel", "org:*:conv:*", "--event", "message:created")
                        .out())
                .isEqualTo(some.out());
        assertThat(inUse.status()).isEqualTo(1);
        assertThat(inUse.errors()).contains("A service has the journal in").contains("--url");
        ToolProcess.Result survey = stored("journal", "--json");
        assertThat(survey.status()).as(survey.errors()).isZero();
        JsonNode now = Json.read(survey.out());
        for (String field : List.of("oldest", "newest", "changes", "events", "bytes", "channels", "findings")) {
            assertThat(now.path(field)).as(field).isEqualTo(held.path(field));
        }
        assertThat(held.path("events").asInt()).isEqualTo(running.lines().size());
        assertThat(stored("journal", "--list", "--json").out()).isEqualTo(listed.out());
        assertThat(stored("journal").out()).contains("  whole", "(public)");
    }

    @Test
    void live_channels_get_events_once_more_marked_as_such_and_by_the_policies_of_now() throws Exception {
        Conversation conversation = Conversation.open(database, service);
        try (PhoenixSocket agent = PhoenixSocket.open(
                        service.port(),
                        "2.0.0",
                        Tokens.authenticated(conversation.agent().toString()));
                PhoenixSocket other = PhoenixSocket.open(service.port(), "2.0.0", operator)) {
            agent.join(conversation.channel());
            other.join(conversation.channel());
            IntStream.range(0, 200).forEach(i -> conversation.say(i % 2 == 0 ? "open " + i : "hidden " + i));
            agent.await("the last", ReplayStoredIT::isLast);
            other.await("the last", ReplayStoredIT::isLast);
            List<String> live = contents(agent.drain());
            other.drain();
            assertThat(live).contains("hidden 1", "open 0").hasSize(199);
            database.execute("CREATE POLICY hidden ON messages AS RESTRICTIVE FOR SELECT TO authenticated"
                    + " USING (content NOT LIKE 'hidden%')");
            // The policies that hold are read every two seconds.
            await().atMost(PATIENCE).until(() -> {
                conversation.say("hidden probe");
                // What is seen whatever the policies are comes behind it.
                conversation.say("open mark");
                agent.await("the mark", message -> content(message).equals("open mark"));
                return !contents(agent.drain()).contains("hidden probe");
            });
            other.drain();
            String before = online("journal", "--no-verify", "--json").out();

            ToolProcess.Result published = online(
                    "replay",
                    "--live",
                    "--channel",
                    conversation.channel(),
                    "--event",
                    "message:created",
                    "--limit",
                    "200");

            assertThat(published.status()).as(published.errors()).isZero();
            assertThat(published.errors()).contains("200 events published");
            assertThat(Json.read(online("journal", "--no-verify", "--json").out())
                            .path("newest_id"))
                    .as("nothing is journaled again")
                    .isEqualTo(Json.read(before).path("newest_id"));
            // What is asked about comes later than what is known; this comes behind all of it.
            conversation.say("open end");
            agent.await("the end", message -> content(message).equals("open end"));
            other.await("the end", message -> content(message).equals("open end"));
            List<PhoenixMessage> all = replayed(other.drain());
            assertThat(contents(all)).hasSize(200).startsWith("open 0", "hidden 1");
            assertThat(contents(replayed(agent.drain())))
                    .containsExactlyElementsOf(IntStream.range(0, 100)
                            .mapToObj(i -> "open " + 2 * i)
                            .toList());
            assertThat(all.getFirst().payload().at("/meta/seq").asInt()).isEqualTo(2);
        }
    }

    private static String content(PhoenixMessage message) {
        return message.payload().at("/payload/record/content").asText();
    }

    private static boolean isLast(PhoenixMessage message) {
        return content(message).equals("hidden 199");
    }

    private static List<PhoenixMessage> replayed(List<PhoenixMessage> messages) {
        return messages.stream()
                .filter(message -> message.payload().at("/meta/replayed").asBoolean())
                .toList();
    }

    private static List<String> contents(List<PhoenixMessage> messages) {
        return messages.stream()
                .filter(message -> message.event().equals("broadcast"))
                .map(ReplayStoredIT::content)
                .toList();
    }

    @Test
    void what_retention_has_passed_is_a_clear_failure_unless_gaps_are_crossed() throws Exception {
        Conversation conversation = Conversation.open(database, service);
        conversation.say("old");
        awaitLines(2, "--channel", conversation.channel());
        String old = Json.read(online("replay", "--channel", conversation.channel())
                        .lines()
                        .getFirst())
                .path("position")
                .asText();
        service.terminate(Duration.ofSeconds(20));
        service = settings().with("CAMPFIRE_JOURNAL_BYTES", "20kB").startHealthy();
        for (int i = 0; i < 40; i++) {
            conversation.say("x".repeat(2_000) + i);
        }
        await().atMost(PATIENCE)
                .until(() -> online("replay", "--from", old, "--dry-run").status() == 1);

        for (String[] asked : new String[][] {{"--from", old}, {"--after", old}}) {
            ToolProcess.Result lost = online("replay", asked);
            assertThat(lost.status()).isEqualTo(1);
            assertThat(lost.out()).isEmpty();
            assertThat(lost.errors()).contains("is not in the journal any more", "--over-gaps");
        }
        ToolProcess.Result crossed = online("replay", "--from", old, "--over-gaps");
        assertThat(crossed.status()).isEqualTo(1);
        assertThat(crossed.lines()).isNotEmpty();
        assertThat(crossed.errors()).contains("Going on behind");
        ToolProcess.Result fromBeginning = online("replay");
        assertThat(fromBeginning.status()).as(fromBeginning.errors()).isZero();
        assertThat(fromBeginning.out()).isEqualTo(crossed.out());
    }
}
