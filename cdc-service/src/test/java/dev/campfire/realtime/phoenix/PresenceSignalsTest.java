package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Comings and goings in the standard's words. */
final class PresenceSignalsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PRESENCE = "org:o:conv:c:presence";
    private static final String AGENTS = "org:o:agents:presence";
    private static final String VISITOR = "org:o:widget:visitor:v";

    private final SessionFixture fixture =
            SessionFixture.speaking(false, ProtectedChannels.STANDARD, LegacyChannels.NONE);

    @BeforeEach
    void allow() {
        for (String channel : List.of(PRESENCE, AGENTS, VISITOR)) {
            fixture.allow("authenticated", channel);
            fixture.authority.allowWriting("authenticated", channel);
        }
    }

    /** Somebody whose token names a user, at a tab of their own. */
    private Client tab(String user, String channel) {
        Client client = fixture.connect(
                ProtocolVersion.V1, fixture.minter.mint("authenticated", user, Map.of(), Duration.ofHours(1)));
        send(client, channel, "phx_join", "{'config':{}}");
        client.take();
        return client;
    }

    private static void send(Client client, String channel, String event, String payload) {
        client.send("{'topic':'realtime:" + channel + "','event':'" + event + "','ref':'1','join_ref':'1','payload':"
                + payload + "}");
    }

    private void track(Client client, String channel, String meta) {
        send(client, channel, "presence", "{'type':'presence','event':'track','payload':" + meta + "}");
        fixture.tick();
    }

    private void leave(Client client, String channel) {
        send(client, channel, "phx_leave", "{}");
        fixture.tick();
    }

    private void lose(Client client) {
        client.session.onClosed();
        fixture.tick();
    }

    private static List<JsonNode> broadcasts(Client client) {
        List<JsonNode> broadcasts = new ArrayList<>();
        for (String text : client.take()) {
            try {
                JsonNode message = JSON.readTree(text.replace('\'', '"'));
                if (message.path("event").asText().equals("broadcast")) {
                    broadcasts.add(message.path("payload"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return broadcasts;
    }

    private static List<String> heard(Client client) {
        return broadcasts(client).stream()
                .map(broadcast -> broadcast.path("event").asText() + " "
                        + broadcast.at("/payload/userId").asText())
                .toList();
    }

    @Test
    void who_comes_changes_and_goes_is_told_of() {
        Client listener = tab("listener", PRESENCE);
        Client ann = tab("ann", PRESENCE);

        track(ann, PRESENCE, "{'mood':'good'}");
        track(ann, PRESENCE, "{'mood':'better'}");
        leave(ann, PRESENCE);

        List<JsonNode> told = broadcasts(listener);
        assertThat(told)
                .extracting(broadcast -> broadcast.path("event").asText())
                .containsExactly("presence:join", "presence:update", "presence:leave");
        JsonNode update = told.get(1).path("payload");
        assertThat(update.path("organizationId").asText()).isEqualTo("o");
        assertThat(update.path("conversationId").asText()).isEqualTo("c");
        assertThat(update.path("userId").asText()).isEqualTo("ann");
        assertThat(update.path("meta").toString()).isEqualTo("{\"mood\":\"better\"}");
    }

    @Test
    void several_tabs_of_one_user_are_one_coming_and_one_going() {
        Client listener = tab("listener", PRESENCE);
        List<Client> tabs = List.of(tab("ann", PRESENCE), tab("ann", PRESENCE), tab("ann", PRESENCE));

        tabs.forEach(tab -> track(tab, PRESENCE, "{}"));
        tabs.forEach(tab -> leave(tab, PRESENCE));

        assertThat(heard(listener)).containsExactly("presence:join ann", "presence:leave ann");
    }

    @Test
    void a_short_break_is_not_told_of_and_a_longer_one_is() {
        Client listener = tab("listener", PRESENCE);
        Client ann = tab("ann", PRESENCE);
        track(ann, PRESENCE, "{}");
        lose(ann);
        fixture.pass(Duration.ofSeconds(2));
        Client again = tab("ann", PRESENCE);
        track(again, PRESENCE, "{}");
        fixture.pass(Duration.ofSeconds(10));
        assertThat(heard(listener)).containsExactly("presence:join ann");

        lose(again);
        fixture.pass(Duration.ofSeconds(4));

        assertThat(heard(listener)).containsExactly("presence:leave ann");
    }

    @Test
    void an_agents_status_is_that_of_all_their_tabs() {
        Client listener = tab("listener", AGENTS);
        Client first = tab("jam", AGENTS);
        Client second = tab("jam", AGENTS);

        track(first, AGENTS, "{'status':'away'}");
        track(second, AGENTS, "{'status':'online'}");
        track(first, AGENTS, "{'status':'busy'}");
        leave(first, AGENTS);
        leave(second, AGENTS);

        assertThat(heard(listener))
                .filteredOn(event -> event.startsWith("agent:"))
                .containsExactly(
                        "agent:status:away jam",
                        "agent:status:online jam",
                        "agent:status:busy jam",
                        "agent:status:online jam",
                        "agent:status:offline jam");
    }

    @Test
    void a_visitor_comes_once_looks_at_pages_idles_and_leaves() {
        Client dashboard = tab("jam", VISITOR);
        track(dashboard, VISITOR, "{'userType':'agent'}");
        Client first = tab("v", VISITOR);
        Client second = tab("v2", VISITOR);

        track(first, VISITOR, "{'page':'/'}");
        track(second, VISITOR, "{'page':'/prices'}");
        track(second, VISITOR, "{'page':'/prices','status':'idle'}");
        track(first, VISITOR, "{'page':'/prices','status':'idle'}");
        track(first, VISITOR, "{'page':'/prices','status':'active'}");
        leave(first, VISITOR);
        leave(second, VISITOR);

        List<JsonNode> told = broadcasts(dashboard);
        assertThat(told)
                .extracting(broadcast -> broadcast.path("event").asText())
                .containsExactly(
                        "visitor:joined",
                        "visitor:page:view",
                        "visitor:page:view",
                        "visitor:idle",
                        "visitor:active",
                        "visitor:idle",
                        "visitor:left");
        assertThat(told)
                .allSatisfy(broadcast ->
                        assertThat(broadcast.at("/payload/visitorId").asText()).isEqualTo("v"));
        assertThat(told.get(2).at("/payload/page").asText()).isEqualTo("/prices");
    }

    @Test
    void who_may_not_know_who_is_present_is_not_told() {
        fixture.authority.readable = EnumSet.of(Extension.BROADCAST);
        Client listener = tab("listener", PRESENCE);
        Client ann = tab("ann", PRESENCE);

        track(ann, PRESENCE, "{}");

        assertThat(heard(listener)).isEmpty();
    }

    @Test
    void who_did_not_ask_for_presence_gets_no_diffs() {
        Client listener = tab("listener", PRESENCE);
        Client ann = tab("ann", PRESENCE);

        track(ann, PRESENCE, "{}");

        assertThat(listener.take()).singleElement().asString().contains("presence:join");
    }
}
