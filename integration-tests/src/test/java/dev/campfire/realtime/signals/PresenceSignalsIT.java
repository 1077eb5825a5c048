package dev.campfire.realtime.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.Tokens;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Comings and goings as supabase-js causes and hears them. */
@ExtendWith(SharedBackend.class)
class PresenceSignalsIT {

    private final Conversation conversation;
    private final String url;

    PresenceSignalsIT(Backend backend) {
        conversation = backend.conversation();
        url = backend.service().url();
    }

    private SupabaseClient agent() {
        return SupabaseClient.with(SupabaseClient.Version.V2_119)
                .accessToken(Tokens.authenticated(conversation.agent().toString()))
                .connect(url);
    }

    @Test
    void an_agent_with_two_tabs_comes_once_changes_status_and_goes_once() {
        String agents = "org:" + conversation.organization() + ":agents:presence";
        try (SupabaseClient dashboard = agent();
                SupabaseClient one = agent();
                SupabaseClient two = agent()) {
            SupabaseChannel listener = dashboard.subscribe(agents);
            SupabaseChannel first = one.subscribe(agents);
            SupabaseChannel second = two.subscribe(agents);

            first.track(Map.of("status", "online"));
            listener.awaitEvent("agent:status:online");
            second.track(Map.of("status", "busy"));
            Delivery busy = listener.awaitEvent("agent:status:busy");
            first.unsubscribe();
            second.unsubscribe();
            listener.awaitEvent("agent:status:offline");

            assertThat(busy.payload().path("agentId").asText())
                    .isEqualTo(conversation.agent().toString());
            assertThat(listener.events())
                    .containsExactly(
                            "presence:join",
                            "agent:status:online",
                            "agent:status:busy",
                            "presence:leave",
                            "agent:status:offline");
        }
    }

    @Test
    void a_visitor_is_seen_to_come_to_look_at_pages_and_to_leave() {
        String channel = "org:" + conversation.organization() + ":widget:visitor:v1";
        try (SupabaseClient dashboard = agent();
                SupabaseClient widget = SupabaseClient.connect(url)) {
            SupabaseChannel listener = dashboard.subscribe(channel);
            SupabaseChannel visitor = widget.subscribe(channel);

            visitor.track(Map.of("page", "/prices"));
            Delivery view = listener.awaitEvent("visitor:page:view");
            visitor.track(Map.of("page", "/prices", "status", "idle"));
            listener.awaitEvent("visitor:idle");
            widget.close();
            listener.awaitEvent("visitor:left");

            assertThat(view.payload().path("page").asText()).isEqualTo("/prices");
            assertThat(listener.events())
                    .containsExactly("visitor:joined", "visitor:page:view", "visitor:idle", "visitor:left");
        }
    }
}
