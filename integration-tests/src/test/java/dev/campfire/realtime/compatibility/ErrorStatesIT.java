package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.SupabaseClient.Version;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each row of {@code docs/errors.md}. */
@ExtendWith(SharedBackend.class)
@Apart
class ErrorStatesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ErrorTable TABLE = ErrorTable.read();
    private static final Set<String> PROVED = new TreeSet<>();

    private final Conversation conversation;
    private final FaultProxy network;
    private SupabaseClient client;

    ErrorStatesIT(Backend backend) {
        conversation = backend.conversation();
        network = new FaultProxy("127.0.0.1", backend.service().port());
        client = connect(Tokens.anon());
    }

    private SupabaseClient connect(String key) {
        return SupabaseClient.with(Version.V2_119)
                .key(key)
                .heartbeat(Duration.ofSeconds(1))
                .connect("http://127.0.0.1:" + network.port());
    }

    @AfterEach
    void close() {
        client.close();
        network.close();
    }

    @AfterAll
    static void every_row_was_tried() {
        assertThat(PROVED).hasSize(TABLE.size());
    }

    private SupabaseChannel join(String channel, Map<String, Object> config) {
        return client.join(channel, List.of("*"), config);
    }

    private SupabaseChannel agent() {
        client.setAuth(Tokens.authenticated(conversation.agent().toString()));
        return join(conversation.channel(), Map.of());
    }

    /** That the client reports what the table says, and the text reached it one way or the other. */
    private static void assertThatReportedIs(String row, SupabaseChannel channel) {
        ErrorTable.Row expected = TABLE.row(row);
        await(row).atMost(PATIENCE).untilAsserted(() -> assertThat(channel.statuses())
                .containsSubsequence(expected.statuses()));
        if (!expected.text().isEmpty()) {
            await(row).atMost(PATIENCE).untilAsserted(() -> assertThat(
                            channel.errors() + " " + channel.systemMessages())
                    .contains(expected.text()));
        }
        PROVED.add(row);
    }

    @Test
    void a_join_that_policies_refuse() {
        assertThatReportedIs(
                "policies do not let the client join", join(conversation.conversationsChannel(), Map.of()));
    }

    @Test
    void a_join_that_asks_for_something_impossible() {
        assertThatReportedIs(
                "the join asks for something impossible",
                join(conversation.channel(), Map.of("broadcast", Map.of("throttle_ms", 5))));
    }

    @Test
    void a_right_that_ends() {
        SupabaseChannel channel = agent().awaitSubscribed();
        conversation
                .database()
                .update("UPDATE organization_members SET status = 'suspended' WHERE user_id = ?", conversation.agent());
        assertThatReportedIs("the client may not read any more", channel);
    }

    private SupabaseClient.Asking listeningToNothing() {
        return client.channel("room:" + conversation.id())
                .changes(List.of(Map.of("event", "*", "schema", "public", "table", "nothing_there")));
    }

    @Test
    void a_table_that_is_not_published() {
        assertThatReportedIs("a table is not published", listeningToNothing().join());
    }

    @Test
    void a_table_that_is_not_published_and_waited_for() {
        assertThatReportedIs(
                "a table is not published, and the join waits for it",
                listeningToNothing()
                        .config(Map.of("postgres_changes_options", Map.of("wait", true)))
                        .join());
    }

    @Test
    void no_answer() {
        client.close();
        client = SupabaseClient.connect("http://127.0.0.1:" + network.port());
        join("room:other", Map.of()).awaitSubscribed();
        network.goSilent();
        SupabaseChannel channel = join("room:" + conversation.id(), Map.of());
        assertThatReportedIs("no answer comes in time", channel);
    }

    @Test
    void a_foreign_token() {
        client.setAuth(Tokens.signed(
                Map.of("role", "authenticated", "exp", Tokens.in(Duration.ofHours(1))),
                "another secret of at least thirty-two characters"));
        assertThatReportedIs("the token is not signed with the secret", join(conversation.channel(), Map.of()));
    }

    @Test
    void an_expired_token() {
        client.setAuth(Tokens.ofRole("authenticated", Duration.ofSeconds(-60)));
        assertThatReportedIs("the token has expired before the join", join(conversation.channel(), Map.of()));
    }

    @Test
    void a_token_that_expires() {
        client.setAuth(Tokens.signed(Map.of(
                "role",
                "authenticated",
                "sub",
                conversation.agent().toString(),
                "exp",
                Tokens.in(Duration.ofSeconds(3)))));
        SupabaseChannel channel = join(conversation.channel(), Map.of()).awaitSubscribed();
        assertThatReportedIs("the token expires while joined", channel);
    }

    @Test
    void a_key_that_opens_nothing() {
        client.close();
        client = connect(Tokens.signed(
                Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1))),
                "another secret of at least thirty-two characters"));
        assertThatReportedIs("the key opens no socket", join(conversation.channel(), Map.of()));
    }

    @Test
    void a_connection_that_breaks() {
        SupabaseChannel channel = join(conversation.channel(), Map.of()).awaitSubscribed();
        network.cut();
        assertThatReportedIs("the connection breaks", channel);
    }

    @Test
    void a_network_that_swallows_everything() {
        SupabaseChannel channel = join(conversation.channel(), Map.of()).awaitSubscribed();
        network.goSilent();
        assertThatReportedIs("the network swallows everything", channel);
    }

    @Test
    void a_service_that_is_not_there() {
        network.refuse();
        SupabaseChannel channel = join(conversation.channel(), Map.of()).awaitStatus("CHANNEL_ERROR");
        network.restore();
        assertThatReportedIs("the service can't be reached", channel);
    }
}
