package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.SupabaseClient.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** supabase-js comes back by itself: after the network failed, and after the service was restarted or killed. */
@ExtendWith(SharedBackend.class)
@Apart
class ReconnectIT {

    private static final Duration COMING_BACK = Duration.ofSeconds(30);
    private static final Duration OFFLINE = Duration.ofSeconds(30);

    private final Backend backend;

    ReconnectIT(Backend backend) {
        this.backend = backend;
    }

    @ParameterizedTest
    @EnumSource
    void after_a_cut_connection(Version version) {
        Conversation conversation = backend.conversation();
        try (FaultProxy network = new FaultProxy("127.0.0.1", backend.service().port());
                SupabaseClient client = SupabaseClient.with(version).connect("http://127.0.0.1:" + network.port())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());

            network.cut();

            assertThatDeliveryContinues(channel, conversation);
        }
    }

    @ParameterizedTest
    @EnumSource
    void and_gets_what_it_missed_when_its_channel_resumes(Version version) {
        Conversation conversation = backend.conversation();
        try (FaultProxy network = new FaultProxy("127.0.0.1", backend.service().port());
                SupabaseClient client = SupabaseClient.with(version).connect("http://127.0.0.1:" + network.port())) {
            SupabaseChannel channel = client.join(
                            conversation.channel(), List.of("*"), Map.of("broadcast", Map.of("resume", Map.of())))
                    .awaitSubscribed();
            conversation.say("before");
            channel.awaitDeliveries(1);

            network.refuse();
            channel.awaitStatus("CHANNEL_ERROR");
            List<String> missed = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                missed.add("missed " + i);
                conversation.say(missed.get(i));
            }
            network.restore();

            channel.awaitDeliveries(26, COMING_BACK);
            conversation.say("after");
            List<Delivery> deliveries = channel.awaitDeliveries(27);
            assertThat(deliveries.subList(1, 26))
                    .extracting(delivery -> delivery.record("content").asText())
                    .isEqualTo(missed);
            assertThat(deliveries.subList(1, 26))
                    .allMatch(delivery -> delivery.meta().path("replayed").asBoolean());
            assertThat(deliveries.getLast().record("content").asText()).isEqualTo("after");
            assertThat(deliveries.getLast().meta().path("replayed").asBoolean()).isFalse();
        }
    }

    /** As long as the standards want it, by the clock: the client's own waiting between attempts is part of it. */
    @Test
    void after_thirty_seconds_without_a_network_it_comes_back_by_itself_and_gets_what_it_missed() {
        Conversation conversation = backend.conversation();
        try (FaultProxy network = new FaultProxy("127.0.0.1", backend.service().port());
                SupabaseClient client = SupabaseClient.connect("http://127.0.0.1:" + network.port())) {
            SupabaseChannel channel = client.join(
                            conversation.channel(), List.of("*"), Map.of("broadcast", Map.of("resume", Map.of())))
                    .awaitSubscribed();
            conversation.say("before");
            channel.awaitDeliveries(1);

            network.refuse();
            long end = System.nanoTime() + OFFLINE.toNanos();
            channel.awaitStatus("CHANNEL_ERROR");
            int missed = 0;
            while (System.nanoTime() < end) {
                int attempts = network.refusals();
                conversation.say("missed " + missed++);
                await().atMost(OFFLINE).until(() -> network.refusals() > attempts || System.nanoTime() >= end);
            }
            network.restore();

            List<Delivery> deliveries = channel.awaitDeliveries(1 + missed, COMING_BACK);
            assertThat(missed).as("attempts to come back").isGreaterThan(2);
            assertThat(deliveries.subList(1, 1 + missed))
                    .extracting(delivery -> delivery.record("content").asText())
                    .isEqualTo(IntStream.range(0, missed)
                            .mapToObj(i -> "missed " + i)
                            .toList());
            assertThatDeliveryContinues(channel, conversation);
        }
    }

    @Test
    void after_a_network_that_swallowed_everything() {
        Conversation conversation = backend.conversation();
        try (FaultProxy network = new FaultProxy("127.0.0.1", backend.service().port());
                SupabaseClient client = SupabaseClient.with(Version.V2_119)
                        .heartbeat(Duration.ofSeconds(1))
                        .connect("http://127.0.0.1:" + network.port())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());

            network.goSilent();
            channel.awaitStatus("CHANNEL_ERROR");
            network.cut();
            network.restore();

            assertThatDeliveryContinues(channel, conversation);
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_the_service_was_stopped_and_started(Version version) {
        try (Database database = Database.create(backend.server())) {
            ServiceProcess.Settings settings = ServiceProcess.forDatabase(database);
            Conversation conversation = Conversation.open(database);
            ServiceProcess first = settings.startHealthy();
            try (SupabaseClient client = SupabaseClient.with(version).connect(first.url())) {
                SupabaseChannel channel = client.subscribe(conversation.channel());
                assertThat(first.terminate(Duration.ofSeconds(5))).isZero();

                try (ServiceProcess second = settings.startHealthy()) {
                    assertThat(second.port()).isEqualTo(first.port());
                    assertThatDeliveryContinues(channel, conversation);
                }
            }
        }
    }

    @Test
    void after_the_service_was_killed() {
        try (Database database = Database.create(backend.server())) {
            ServiceProcess.Settings settings = ServiceProcess.forDatabase(database);
            Conversation conversation = Conversation.open(database);
            ServiceProcess first = settings.startHealthy();
            try (SupabaseClient client = SupabaseClient.connect(first.url())) {
                SupabaseChannel channel = client.subscribe(conversation.channel());
                first.kill();

                try (ServiceProcess second = settings.startHealthy()) {
                    assertThat(second.port()).isEqualTo(first.port());
                    assertThatDeliveryContinues(channel, conversation);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void with_row_changes_and_presence_after_the_service_was_killed(Version version) {
        try (Database database = Database.create(backend.server())) {
            database.execute("CREATE TABLE public.things (id int PRIMARY KEY); GRANT SELECT ON public.things TO anon;"
                    + " ALTER PUBLICATION supabase_realtime ADD TABLE public.things");
            ServiceProcess.Settings settings = ServiceProcess.forDatabase(database);
            ServiceProcess first = settings.startHealthy();
            try (SupabaseClient client = SupabaseClient.with(version).connect(first.url())) {
                SupabaseChannel channel = client.channel("room:1")
                        .config(Map.of("presence", Map.of("key", "me")))
                        .changes(List.of(Map.of("event", "*", "schema", "public", "table", "things")))
                        .presence()
                        .join()
                        .awaitSubscribed();
                first.kill();

                try (ServiceProcess second = settings.startHealthy()) {
                    assertThat(second.port()).isEqualTo(first.port());
                    channel.awaitSubscribedTimes(2, COMING_BACK);
                    database.execute("INSERT INTO public.things VALUES (1)");
                    assertThat(channel.awaitChanges(1)
                                    .getFirst()
                                    .newRow()
                                    .path("id")
                                    .asInt())
                            .isEqualTo(1);
                    assertThat(channel.track(Map.of("n", 1))).isEqualTo("ok");
                    channel.awaitPresence("me", told -> told.path("state").has("me"));
                }
            }
        }
    }

    private static void assertThatDeliveryContinues(SupabaseChannel channel, Conversation conversation) {
        channel.awaitSubscribedTimes(2, COMING_BACK);
        String message = conversation.say("after coming back").toString();
        channel.awaitDelivery(
                "the message", delivery -> delivery.record("id").asText().equals(message));
        assertThat(channel.deliveries().stream()
                        .filter(delivery -> delivery.record("id").asText().equals(message)))
                .hasSize(1);
    }
}
