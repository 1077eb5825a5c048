package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Typing as clients say and hear it. */
final class TypingTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CONVERSATION = "org:o:conv:c";
    private static final String TYPING = "org:o:conv:c:typing";
    private static final String WIDGET = "org:o:widget:c";
    private static final String LEGACY = "conversation:c";

    private static final String PLAIN = "{'config':{}}";
    private static final String SELF = "{'config':{'broadcast':{'self':true}}}";

    private SessionFixture fixture = SessionFixture.speaking(false, ProtectedChannels.STANDARD, LegacyChannels.NONE);

    private Client join(String... channels) {
        return joinAs("anon", channels);
    }

    private Client joinAs(String role, String... channels) {
        Client client = fixture.connect(ProtocolVersion.V1, fixture.token(role, Duration.ofHours(1)));
        for (String channel : channels) {
            fixture.allow(role, channel);
            fixture.authority.allowWriting(role, channel);
            fixture.authority.allowWriting(role, CONVERSATION);
            fixture.authority.allowWriting(role, TYPING);
            ask(client, channel, PLAIN);
        }
        return client;
    }

    private static List<String> ask(Client client, String channel, String config) {
        return client.send("{'topic':'realtime:" + channel + "','event':'phx_join','ref':'1','join_ref':'1','payload':"
                + config + "}");
    }

    /** Gives what the client has got back. */
    private static List<String> say(Client client, String channel, String event, String payload) {
        return client.send("{'topic':'realtime:" + channel + "','event':'broadcast','ref':'5','join_ref':'1','payload':"
                + "{'type':'broadcast','event':'" + event + "','payload':" + payload + "}}");
    }

    /** The broadcasts that a client has got since it was last asked: channel, event and typist. */
    private static List<String> heard(Client client) {
        return heard(client.take());
    }

    private static List<String> heard(List<String> texts) {
        return broadcasts(texts).stream()
                .map(message -> message.path("topic").asText().substring("realtime:".length()) + " "
                        + message.at("/payload/event").asText() + " "
                        + message.at("/payload/payload/userId")
                                .asText(message.at("/payload/payload/user_id").asText()))
                .toList();
    }

    private static List<JsonNode> broadcasts(Client client) {
        return broadcasts(client.take());
    }

    private static List<JsonNode> broadcasts(List<String> texts) {
        List<JsonNode> broadcasts = new ArrayList<>();
        for (String text : texts) {
            try {
                JsonNode message = JSON.readTree(text.replace('\'', '"'));
                if (message.path("event").asText().equals("broadcast")) {
                    broadcasts.add(message);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return broadcasts;
    }

    @ParameterizedTest
    @ValueSource(strings = {CONVERSATION, TYPING, WIDGET})
    void what_is_said_on_one_channel_is_heard_on_all(String channel) {
        Client typist = join(channel);
        Client onConversation = join(CONVERSATION);
        Client onTyping = join(TYPING);
        Client onWidget = join(WIDGET);

        assertThat(heard(say(typist, channel, "typing:start", "{'userId':'ann'}")))
                .isEmpty();

        assertThat(heard(onConversation)).containsExactly(CONVERSATION + " typing:start ann");
        assertThat(heard(onTyping)).containsExactly(TYPING + " typing:start ann");
        assertThat(heard(onWidget)).containsExactly(WIDGET + " typing:start ann");
    }

    @Test
    void who_has_joined_both_channels_hears_it_once_on_each() {
        Client typist = join(TYPING);
        Client listener = join(CONVERSATION, TYPING);

        say(typist, TYPING, "typing:start", "{'userId':'ann'}");

        assertThat(heard(listener))
                .containsExactlyInAnyOrder(CONVERSATION + " typing:start ann", TYPING + " typing:start ann");
    }

    @Test
    void a_sender_that_says_the_same_on_every_channel_is_heard_once_on_each() {
        Client typist = join(TYPING, CONVERSATION, WIDGET);
        Client listener = join(CONVERSATION, TYPING);

        for (String event : List.of("typing:start", "typing:stop", "typing:start")) {
            for (String channel : List.of(TYPING, CONVERSATION, WIDGET)) {
                say(typist, channel, event, "{'userId':'ann','timestamp':'" + channel + "'}");
            }

            assertThat(heard(listener))
                    .containsExactlyInAnyOrder(CONVERSATION + " " + event + " ann", TYPING + " " + event + " ann");
        }
    }

    @Test
    void what_is_said_again_on_the_same_channel_is_passed_on() {
        Client typist = join(TYPING);
        Client listener = join(CONVERSATION);

        say(typist, TYPING, "typing:start", "{'userId':'ann'}");
        say(typist, TYPING, "typing:update", "{'userId':'ann','previewText':'H'}");
        say(typist, TYPING, "typing:update", "{'userId':'ann','previewText':'He'}");
        say(typist, TYPING, "typing:update", "{'userId':'ann','previewText':'He'}");

        assertThat(heard(listener)).hasSize(4);
    }

    @Test
    void who_types_hears_it_where_they_asked_to_hear_their_own_and_nowhere_else() {
        Client typist = join(CONVERSATION, WIDGET);
        fixture.allow("anon", TYPING);
        ask(typist, TYPING, SELF);

        assertThat(heard(say(typist, CONVERSATION, "typing:start", "{'userId':'ann'}")))
                .containsExactly(TYPING + " typing:start ann");
    }

    @Test
    void who_may_write_to_one_of_the_channels_is_heard_on_that_one_alone() {
        Client listener = join(CONVERSATION, TYPING);
        fixture.allow("authenticated", TYPING);
        fixture.authority.allowWriting("authenticated", TYPING);
        Client typist = fixture.connect(ProtocolVersion.V1, fixture.token("authenticated", Duration.ofHours(1)));
        ask(typist, TYPING, PLAIN);

        say(typist, TYPING, "typing:start", "{'userId':'ann'}");

        assertThat(heard(listener)).containsExactly(TYPING + " typing:start ann");
    }

    @Test
    void who_falls_silent_has_stopped_for_everybody_after_five_seconds() {
        Client typist = join(TYPING);
        Client listener = join(CONVERSATION, TYPING);
        say(typist, TYPING, "typing:start", "{'userId':'ann','userName':'Ann'}");
        listener.take();
        typist.session.onClosed();

        fixture.pass(Duration.ofMillis(4900));
        assertThat(heard(listener)).isEmpty();
        fixture.pass(Duration.ofMillis(200));

        List<JsonNode> stops = broadcasts(listener);
        assertThat(stops).hasSize(2).allSatisfy(stop -> {
            assertThat(stop.at("/payload/event").asText()).isEqualTo("typing:stop");
            assertThat(stop.at("/payload/payload/userName").asText()).isEqualTo("Ann");
            assertThat(stop.at("/payload/payload/isTyping").asBoolean(true)).isFalse();
            assertThat(stop.at("/payload/payload/conversationId").asText()).isEqualTo("c");
        });
        fixture.pass(Duration.ofMinutes(1));
        assertThat(heard(listener)).isEmpty();
        assertThat(fixture.typing.typists()).isZero();
    }

    @Test
    void who_goes_on_typing_is_not_stopped_and_who_has_stopped_is_not_stopped_again() {
        Client typist = join(TYPING);
        Client listener = join(CONVERSATION);
        for (int i = 0; i < 4; i++) {
            say(typist, TYPING, "typing:update", "{'userId':'ann'}");
            fixture.pass(Duration.ofSeconds(4));
        }
        say(typist, TYPING, "typing:stop", "{'userId':'ann'}");
        fixture.pass(Duration.ofSeconds(10));

        assertThat(heard(listener)).hasSize(5).endsWith(CONVERSATION + " typing:stop ann");
    }

    @Test
    void words_from_before_the_standard_are_words_like_others_unless_they_are_asked_for() {
        Client typist = join(TYPING, "room");
        Client onTyping = join(TYPING);
        Client onConversation = join(CONVERSATION);

        say(typist, TYPING, "typing", "{'userId':'ann','isTyping':true}");

        assertThat(heard(onTyping)).containsExactly(TYPING + " typing ann");
        assertThat(heard(onConversation)).isEmpty();
    }

    private void migrate() {
        fixture = SessionFixture.speaking(
                true,
                ProtectedChannels.STANDARD,
                LegacyChannels.of((user, conversation) -> CompletableFuture.completedStage(
                        conversation.equals("c") ? Optional.of("o") : Optional.empty())));
    }

    private Client joinLegacy() {
        fixture.allow("anon", CONVERSATION);
        return join(LEGACY);
    }

    @Test
    void in_a_migration_everybody_hears_their_own_words() {
        migrate();
        Client widget = joinLegacy();
        Client dashboard = join(TYPING);
        Client modern = join(CONVERSATION);

        assertThat(heard(say(
                        widget, LEGACY, "typing_indicator", "{'user_id':'ann','user_name':'Ann','is_typing':true}")))
                .isEmpty();

        for (Client client : List.of(dashboard, modern)) {
            assertThat(broadcasts(client))
                    .extracting(message -> message.at("/payload/event").asText())
                    .containsExactlyInAnyOrder("typing:start", "typing", "typing_indicator");
        }

        say(dashboard, TYPING, "typing", "{'userId':'jam','userName':'Jam','isTyping':true}");

        JsonNode told = broadcasts(widget).stream()
                .filter(message -> message.at("/payload/event").asText().equals("typing_indicator"))
                .findFirst()
                .orElseThrow()
                .at("/payload/payload");
        assertThat(told.path("user_id").asText()).isEqualTo("jam");
        assertThat(told.path("user_name").asText()).isEqualTo("Jam");
        assertThat(told.path("is_typing").asBoolean()).isTrue();
        assertThat(told.path("conversation_id").asText()).isEqualTo("c");
    }

    @Test
    void who_says_again_that_they_type_is_told_to_go_on_typing() {
        migrate();
        Client widget = joinLegacy();
        Client modern = join(CONVERSATION);

        say(widget, LEGACY, "typing_indicator", "{'user_id':'ann','is_typing':true,'preview_text':'H'}");
        say(widget, LEGACY, "typing_indicator", "{'user_id':'ann','is_typing':true,'preview_text':'He'}");
        say(widget, LEGACY, "typing_indicator", "{'user_id':'ann','is_typing':false}");

        assertThat(heard(modern))
                .filteredOn(event -> event.contains(" typing:"))
                .containsExactly(
                        CONVERSATION + " typing:start ann",
                        CONVERSATION + " typing:update ann",
                        CONVERSATION + " typing:stop ann");
    }

    @Test
    void the_old_name_of_a_conversation_is_open_to_those_alone_who_may_join_the_conversation() {
        migrate();
        Client stranger = fixture.connect(ProtocolVersion.V1);

        for (String channel : List.of(LEGACY, "conversation:unknown")) {
            assertThat(ask(stranger, channel, PLAIN))
                    .singleElement()
                    .asString()
                    .contains("Unauthorized: You do not have permissions to read from this Channel topic: " + channel);
        }
    }

    @Test
    void another_organisations_conversation_of_the_same_id_is_another_room() {
        migrate();
        Client widget = joinLegacy();
        Client foreign = join("org:other:conv:c");

        say(foreign, "org:other:conv:c", "typing:start", "{'userId':'eve'}");

        assertThat(heard(widget)).isEmpty();
    }

    @Test
    void what_else_is_said_on_a_channel_stays_there() {
        migrate();
        Client widget = joinLegacy();
        Client modern = join(CONVERSATION);
        Client onTyping = join(TYPING);

        say(modern, CONVERSATION, "typing:else", "{}");
        say(modern, CONVERSATION, "typing", "{'isTyping':'perhaps'}");
        say(widget, LEGACY, "hello", "{'text':'typing'}");

        assertThat(heard(widget)).isEmpty();
        assertThat(heard(onTyping)).isEmpty();
        assertThat(heard(modern)).isEmpty();
    }
}
