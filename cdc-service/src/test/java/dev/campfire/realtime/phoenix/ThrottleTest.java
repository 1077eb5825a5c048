package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that want to hear of typing and presence seldom. */
final class ThrottleTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONVERSATION = "org:o:conv:c";
    private static final String PRESENCE = "org:o:conv:c:presence";

    private final SessionFixture fixture = SessionFixture.speaking(false, ProtectedChannels.NONE, LegacyChannels.NONE);

    private Client join(String channel, String config) {
        Client client = fixture.connect(ProtocolVersion.V1);
        send(client, channel, "phx_join", "{'config':" + config + "}");
        client.take();
        return client;
    }

    private static List<String> send(Client client, String channel, String event, String payload) {
        return client.send("{'topic':'realtime:" + channel + "','event':'" + event
                + "','ref':'1','join_ref':'1','payload':" + payload + "}");
    }

    private void type(Client client, String event, String who, String text) {
        send(
                client,
                CONVERSATION,
                "broadcast",
                "{'type':'broadcast','event':'" + event + "','payload':{'userId':'" + who + "','previewText':'" + text
                        + "'}}");
    }

    private static List<JsonNode> messages(Client client) {
        return messagesOf(client.take());
    }

    private static List<String> heard(Client client) {
        return messages(client).stream()
                .map(message -> message.at("/payload/event").asText() + " "
                        + message.at("/payload/payload/userId").asText() + " "
                        + message.at("/payload/payload/previewText").asText())
                .toList();
    }

    @Test
    void of_each_typist_the_last_word_in_a_window_arrives_at_its_end() {
        Client typist = join(CONVERSATION, "{}");
        Client thrifty = join(CONVERSATION, "{'throttle_ms':1000}");

        type(typist, "typing:start", "ann", "");
        assertThat(heard(thrifty)).as("the first comes at once").containsExactly("typing:start ann ");
        for (String text : List.of("H", "He", "Hel")) {
            type(typist, "typing:update", "ann", text);
            type(typist, "typing:update", "bob", text);
        }
        assertThat(heard(thrifty)).isEmpty();
        thrifty.link.advance(Duration.ofMillis(999));
        assertThat(heard(thrifty)).isEmpty();
        thrifty.link.advance(Duration.ofMillis(1));
        assertThat(heard(thrifty)).containsExactly("typing:update ann Hel", "typing:update bob Hel");

        type(typist, "typing:stop", "ann", "");
        assertThat(heard(thrifty)).isEmpty();
        thrifty.link.advance(Duration.ofSeconds(1));
        assertThat(heard(thrifty)).containsExactly("typing:stop ann ");
        thrifty.link.advance(Duration.ofMinutes(1));
        assertThat(heard(thrifty)).isEmpty();
        type(typist, "typing:start", "ann", "");
        assertThat(heard(thrifty))
                .as("a window that was empty holds up nothing")
                .hasSize(1);
    }

    @Test
    void what_nothing_overtakes_is_neither_dropped_nor_delayed() {
        Client typist = join(CONVERSATION, "{}");
        Client thrifty = join(CONVERSATION, "{'throttle_ms':1000}");
        type(typist, "typing:start", "ann", "");
        thrifty.take();

        for (int i = 0; i < 20; i++) {
            type(typist, "typing:update", "ann", "n" + i);
            fixture.hub.broadcast(
                    ChannelKey.joined(CONVERSATION, true),
                    new Message.Broadcast("message:created", Message.Encoding.JSON, null, new byte[] {'{', '}'}),
                    null);
        }

        assertThat(heard(thrifty)).hasSize(20).allMatch(event -> event.startsWith("message:created"));
    }

    @Test
    void others_hear_everything_at_once() {
        Client typist = join(CONVERSATION, "{}");
        join(CONVERSATION, "{'throttle_ms':1000}");
        Client eager = join(CONVERSATION, "{}");

        for (int i = 0; i < 5; i++) {
            type(typist, "typing:update", "ann", "n" + i);
        }

        assertThat(heard(eager)).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "60001", "-1", "1.5", "'100'", "true", "{}", "1e300"})
    void a_wrong_value_refuses_the_join_and_says_what_is_right(String value) {
        Client client = fixture.connect(ProtocolVersion.V1);

        assertThat(send(client, CONVERSATION, "phx_join", "{'config':{'throttle_ms':" + value + "}}"))
                .singleElement()
                .asString()
                .contains(
                        "InvalidThrottle: config.throttle_ms has to be a whole number of milliseconds from 10 to 60000");
    }

    @Test
    void merged_diffs_lead_to_the_same_state() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String config = "{'throttle_ms':100,'presence':{'enabled':true,'key':'watcher'}}";
        Client thrifty = fixture.connect(ProtocolVersion.V1);
        thrifty.session.onText(("{'topic':'realtime:" + PRESENCE
                        + "','event':'phx_join','ref':'1','join_ref':'1','payload':{'config':" + config + "}}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8));
        Map<String, Map<String, Integer>> view = new TreeMap<>();
        int diffs = 0;
        List<Client> members = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            members.add(join(PRESENCE, "{'presence':{'enabled':true,'key':'k" + i % 4 + "'}}"));
        }
        for (int step = 0; step < 300; step++) {
            Client member = members.get(random.nextInt(members.size()));
            String call =
                    random.nextInt(3) > 0 ? "{'event':'track','payload':{'n':" + step + "}}" : "{'event':'untrack'}";
            send(member, PRESENCE, "presence", call);
            if (random.nextBoolean()) {
                fixture.tick();
            }
            if (random.nextInt(4) == 0) {
                thrifty.link.advance(Duration.ofMillis(60));
            }
            fixture.clock.advance(Duration.ofSeconds(31));
            diffs += follow(view, messages(thrifty));
        }
        fixture.tick();
        thrifty.link.advance(Duration.ofSeconds(1));
        diffs += follow(view, messages(thrifty));

        Map<String, Map<String, Integer>> state = new TreeMap<>();
        Client again = fixture.connect(ProtocolVersion.V1);
        List<JsonNode> first =
                messagesOf(send(again, PRESENCE, "phx_join", "{'config':{'presence':{'enabled':true,'key':'again'}}}"));
        first.stream()
                .filter(message -> message.path("event").asText().equals("presence_state"))
                .forEach(message -> enter(state, message.path("payload")));
        view.values().removeIf(Map::isEmpty);
        assertThat(view).as("seed %d", seed).isEqualTo(state);
        assertThat(diffs).as("seed %d", seed).isBetween(1, 150);
    }

    private static List<JsonNode> messagesOf(List<String> texts) {
        return texts.stream()
                .map(text -> {
                    try {
                        return JSON.readTree(text.replace('\'', '"'));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    /** What a client makes of it, by the rules of the clients; gives how many diffs there were. */
    private static int follow(Map<String, Map<String, Integer>> view, List<JsonNode> messages) {
        int diffs = 0;
        for (JsonNode message : messages) {
            switch (message.path("event").asText()) {
                case "presence_state" -> enter(view, message.path("payload"));
                case "presence_diff" -> {
                    diffs++;
                    enter(view, message.at("/payload/joins"));
                    leave(view, message.at("/payload/leaves"));
                }
                default -> {}
            }
        }
        return diffs;
    }

    private static void enter(Map<String, Map<String, Integer>> view, JsonNode keys) {
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            for (JsonNode meta : key.getValue().path("metas")) {
                view.computeIfAbsent(key.getKey(), any -> new TreeMap<>())
                        .put(meta.path("phx_ref").asText(), meta.path("n").asInt());
            }
        }
    }

    private static void leave(Map<String, Map<String, Integer>> view, JsonNode keys) {
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            Map<String, Integer> metas = view.getOrDefault(key.getKey(), new TreeMap<>());
            key.getValue()
                    .path("metas")
                    .forEach(meta -> metas.remove(meta.path("phx_ref").asText()));
        }
    }
}
