package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.Tokens;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A migration: components from before the standard, through the real supabase-js, beside those of today. What each of them
 * subscribes to and sends is what the standard's documents show of it.
 */
@ExtendWith(SharedBackend.class)
@Apart
class MixedClientsIT {

    private final Database database;
    private final ServiceProcess service;
    private final Conversation conversation;
    private SupabaseClient widgetClient;
    private SupabaseClient dashboardClient;
    private SupabaseClient modernClient;

    MixedClientsIT(Backend backend) {
        database = Database.create(backend.server());
        service = ServiceProcess.forDatabase(database)
                .with("CAMPFIRE_LEGACY_TYPING", "true")
                .startHealthy();
        conversation = Conversation.open(database, service);
    }

    @BeforeEach
    void connect() {
        widgetClient = SupabaseClient.connect(service.url());
        dashboardClient = agent();
        modernClient = agent();
    }

    private SupabaseClient agent() {
        return SupabaseClient.with(SupabaseClient.Version.V2_109)
                .accessToken(Tokens.authenticated(conversation.agent().toString()))
                .connect(service.url());
    }

    @AfterEach
    void close() {
        widgetClient.close();
        dashboardClient.close();
        modernClient.close();
        service.close();
        database.close();
    }

    private static SupabaseChannel listen(SupabaseClient client, String channel, String... events) {
        return client.join(channel, List.of(events), Map.of()).awaitSubscribed();
    }

    @Test
    void everybody_understands_everybody() {
        SupabaseChannel widget = listen(widgetClient, "conversation:" + conversation.id(), "typing_indicator");
        SupabaseChannel dashboard = listen(dashboardClient, conversation.channel("typing"), "typing");
        SupabaseChannel modern =
                listen(modernClient, conversation.channel(), "typing:start", "typing:update", "typing:stop");

        widget.send(
                "typing_indicator",
                Map.of(
                        "user_id", "v1",
                        "user_name", "Visitor",
                        "user_type", "customer",
                        "is_typing", true,
                        "preview_text", "Hel"));
        Delivery atDashboard = dashboard.awaitEvent("typing");
        assertThat(atDashboard.payload().path("userId").asText()).isEqualTo("v1");
        assertThat(atDashboard.payload().path("userName").asText()).isEqualTo("Visitor");
        assertThat(atDashboard.payload().path("isTyping").asBoolean()).isTrue();
        Delivery atModern = modern.awaitEvent("typing:start");
        assertThat(atModern.payload().path("userId").asText()).isEqualTo("v1");
        assertThat(atModern.payload().path("previewText").asText()).isEqualTo("Hel");
        assertThat(atModern.payload().path("conversationId").asText())
                .isEqualTo(conversation.id().toString());

        dashboard.send("typing", Map.of("userId", "jam", "userName", "Jam", "isTyping", true));
        Delivery atWidget = widget.awaitDelivery(
                "that jam types",
                delivery -> delivery.payload().path("user_id").asText().equals("jam"));
        assertThat(atWidget.payload().path("is_typing").asBoolean()).isTrue();
        modern.awaitDelivery(
                "that jam types",
                delivery -> delivery.payload().path("userId").asText().equals("jam"));

        modern.send("typing:start", Map.of("userId", "ann", "userName", "Ann"));
        assertThat(widget.awaitDelivery("that ann types", delivery -> delivery.payload()
                                .path("user_id")
                                .asText()
                                .equals("ann"))
                        .payload()
                        .path("is_typing")
                        .asBoolean())
                .isTrue();
        assertThat(dashboard
                        .awaitDelivery("that ann types", delivery -> delivery.payload()
                                .path("userId")
                                .asText()
                                .equals("ann"))
                        .payload()
                        .path("isTyping")
                        .asBoolean())
                .isTrue();

        assertThat(widget.deliveries())
                .as("nobody hears themselves, nor anything twice")
                .extracting(delivery -> delivery.payload().path("user_id").asText())
                .containsExactly("jam", "ann");
        modern.awaitDelivery(
                "that the visitor has stopped, who says nothing more",
                delivery -> delivery.event().equals("typing:stop")
                        && delivery.payload().path("userId").asText().equals("v1"));
        widget.awaitDelivery(
                "that jam has stopped",
                delivery -> delivery.payload().path("user_id").asText().equals("jam")
                        && !delivery.payload().path("is_typing").asBoolean(true));
    }

    @Test
    void the_old_name_opens_no_more_than_the_new_one() {
        SupabaseClient stranger = SupabaseClient.with(SupabaseClient.Version.V2_119)
                .accessToken(Tokens.authenticated(UUID.randomUUID().toString()))
                .connect(service.url());
        try (stranger) {
            SupabaseChannel refused = stranger.join("conversation:" + conversation.id(), List.of("*"), Map.of())
                    .awaitStatus("CHANNEL_ERROR");
            assertThat(refused.errors().getFirst()).contains("Unauthorized");
        }
        SupabaseChannel unknown = widgetClient
                .join("conversation:" + UUID.randomUUID(), List.of("*"), Map.of())
                .awaitStatus("CHANNEL_ERROR");
        assertThat(unknown.errors().getFirst()).contains("Unauthorized");
    }
}
