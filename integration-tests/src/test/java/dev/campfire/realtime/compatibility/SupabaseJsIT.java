package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.SupabaseClient.Version;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What applications do with supabase-js, done with each version of it and each version of the protocol. */
@ParameterizedClass(name = "supabase-js {0}, vsn {1}")
@CsvSource({"V2_109, 1.0.0", "V2_109, 2.0.0", "V2_119, 1.0.0", "V2_119, 2.0.0"})
@ExtendWith(SharedBackend.class)
@Apart
class SupabaseJsIT {

    private static final Map<String, Object> SELF_AND_ACK = Map.of("broadcast", Map.of("self", true, "ack", true));

    private final Backend backend;
    private final Conversation conversation;
    private final SupabaseClient client;

    SupabaseJsIT(Version version, String vsn, Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.client =
                SupabaseClient.with(version).vsn(vsn).connect(backend.service().url());
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void a_rows_life_reaches_the_application() {
        SupabaseChannel channel = client.subscribe(conversation.channel());

        UUID message = conversation.say("hello");
        conversation.change(message, "content = 'hello again'");
        conversation.delete(message);

        List<Delivery> deliveries = channel.awaitDeliveries(3);
        assertThat(deliveries)
                .extracting(Delivery::event)
                .containsExactly("message:created", "message:updated", "message:deleted");
        assertThat(deliveries.get(0).record("content").asText()).isEqualTo("hello");
        assertThat(deliveries.get(1).record("content").asText()).isEqualTo("hello again");
        assertThat(deliveries.get(1).oldRecord("content").asText()).isEqualTo("hello");
        assertThat(deliveries.get(2).oldRecord("content").asText()).isEqualTo("hello again");
        assertThat(deliveries)
                .allSatisfy(delivery -> assertThat(delivery.meta().path("id").asText())
                        .isNotEmpty()
                        .isEqualTo(delivery.id()));
    }

    @Test
    void a_listener_of_one_event_hears_that_event_alone() {
        SupabaseChannel channel = client.join(conversation.channel(), List.of("message:deleted"), Map.of())
                .awaitSubscribed();

        UUID message = conversation.say("hello");
        conversation.delete(message);

        channel.awaitDeliveries(1);
        assertThat(channel.events()).containsExactly("message:deleted");
    }

    @Test
    void a_broadcast_is_acknowledged_and_comes_back_when_asked_for() {
        SupabaseChannel channel = client.join(conversation.channel("typing"), List.of("*"), SELF_AND_ACK)
                .awaitSubscribed();

        String answer = channel.send("typing:start", Map.of("userId", "u", "nested", List.of(1, 2.5, "ü")));

        assertThat(answer).isEqualTo("ok");
        Delivery typing = channel.awaitEvent("typing:start");
        assertThat(typing.payload()).isEqualTo(Json.read("{\"userId\":\"u\",\"nested\":[1,2.5,\"ü\"]}"));
    }

    @Test
    void a_broadcast_reaches_clients_of_every_version_in_order() {
        try (SupabaseClient old = SupabaseClient.with(Version.V2_109)
                        .vsn("1.0.0")
                        .connect(backend.service().url());
                SupabaseClient current =
                        SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel ofOld = old.subscribe(conversation.channel("typing"));
            SupabaseChannel ofCurrent = current.subscribe(conversation.channel("typing"));
            SupabaseChannel channel = client.subscribe(conversation.channel("typing"));

            IntStream.range(0, 50).forEach(i -> channel.send("typing:update", Map.of("n", i)));

            List<Integer> numbers = IntStream.range(0, 50).boxed().toList();
            for (SupabaseChannel receiver : List.of(ofOld, ofCurrent)) {
                assertThat(receiver.awaitDeliveries(50))
                        .extracting(delivery -> delivery.payload().path("n").asInt())
                        .isEqualTo(numbers);
            }
            assertThat(channel.deliveryCount())
                    .as("the sender did not ask to hear itself")
                    .isZero();
        }
    }

    @Test
    void removing_a_channel_ends_its_deliveries_and_leaves_the_others() {
        SupabaseChannel gone = client.subscribe(conversation.channel());
        Conversation other = conversation.another();
        SupabaseChannel stays = client.subscribe(other.channel());

        String answer = gone.unsubscribe();
        conversation.say("to nobody");
        other.say("to the one that stays");

        assertThat(answer).isEqualTo("ok");
        assertThat(gone.awaitStatus("CLOSED").deliveryCount()).isZero();
        assertThat(stays.awaitDeliveries(1).getFirst().record("content").asText())
                .isEqualTo("to the one that stays");
        assertThat(gone.deliveryCount()).isZero();
    }

    @Test
    void a_channel_that_was_removed_can_be_subscribed_to_again() {
        client.subscribe(conversation.channel()).unsubscribe();

        SupabaseChannel again = client.subscribe(conversation.channel());
        conversation.say("again");

        assertThat(again.awaitDeliveries(1).getFirst().record("content").asText())
                .isEqualTo("again");
    }

    @Test
    void fifty_channels_on_one_socket_each_get_their_own() {
        List<Conversation> conversations =
                IntStream.range(0, 50).mapToObj(i -> conversation.another()).toList();
        List<SupabaseChannel> channels = conversations.stream()
                .map(each -> client.join(each.channel(), List.of("*"), Map.of()))
                .toList();
        channels.forEach(SupabaseChannel::awaitSubscribed);

        conversations.forEach(each -> each.say(each.id().toString()));

        for (int i = 0; i < channels.size(); i++) {
            assertThat(channels.get(i).awaitDeliveries(1))
                    .extracting(delivery -> delivery.record("content").asText())
                    .containsExactly(conversations.get(i).id().toString());
        }
    }

    @Test
    void a_signed_in_user_is_subscribed_with_the_token_of_setAuth() {
        client.setAuth(Tokens.authenticated(conversation.agent().toString()));
        SupabaseChannel channel = client.subscribe(conversation.channel());

        conversation.say("to the agent");

        channel.awaitDeliveries(1);
    }

    @Test
    void a_channel_whose_token_ended_is_joined_again_with_the_next_token() {
        client.setAuth(Tokens.signed(Map.of(
                "role",
                "authenticated",
                "sub",
                conversation.agent().toString(),
                "exp",
                Tokens.in(Duration.ofSeconds(2)))));
        SupabaseChannel channel = client.subscribe(conversation.channel());

        channel.awaitStatus("CHANNEL_ERROR");
        client.setAuth(Tokens.authenticated(conversation.agent().toString()));
        channel.awaitSubscribedTimes(2, Duration.ofSeconds(30));
        conversation.say("with the next token");

        assertThat(channel.awaitDeliveries(1).getFirst().record("content").asText())
                .isEqualTo("with the next token");
    }

    @Test
    void a_join_that_is_refused_tells_the_application_why() {
        client.setAuth(Tokens.ofRole("authenticated", Duration.ofSeconds(-60)));

        SupabaseChannel channel = client.join(conversation.channel(), List.of("*"), Map.of());

        channel.awaitStatus("CHANNEL_ERROR");
        assertThat(channel.errors().getFirst()).containsPattern("Token has expired \\d+ seconds ago");
    }
}
