package dev.campfire.realtime.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A phone that wants to hear little, through supabase-js as it is. */
@ExtendWith(SharedBackend.class)
class ThriftyClientIT {

    private final Conversation conversation;
    private final String url;

    ThriftyClientIT(Backend backend) {
        conversation = backend.conversation();
        url = backend.service().url();
    }

    @Test
    void it_hears_less_of_typing_and_all_of_messages_and_the_end_of_everything() {
        try (SupabaseClient desk = SupabaseClient.connect(url);
                SupabaseClient phone = SupabaseClient.connect(url)) {
            SupabaseChannel typist = desk.subscribe(conversation.channel("typing"));
            SupabaseChannel thrifty = phone.join(
                            conversation.channel(), List.of("*"), Map.of("broadcast", Map.of("throttle_ms", 1000)))
                    .awaitSubscribed();

            for (int i = 0; i < 30; i++) {
                typist.send("typing:update", Map.of("userId", "ann", "previewText", "x".repeat(i)));
            }
            for (int i = 0; i < 5; i++) {
                conversation.say("message " + i);
            }
            typist.send("typing:stop", Map.of("userId", "ann"));
            thrifty.awaitEvent("typing:stop");
            thrifty.awaitDelivery(
                    "the last message",
                    delivery -> delivery.record("content").asText().equals("message 4"));

            assertThat(thrifty.events()).filteredOn("message:created"::equals).hasSize(5);
            assertThat(thrifty.events())
                    .filteredOn("typing:update"::equals)
                    .as("of thirty within a second or a few")
                    .hasSizeLessThan(20);
        }
    }
}
