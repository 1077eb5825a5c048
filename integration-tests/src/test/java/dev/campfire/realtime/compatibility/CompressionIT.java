package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service that compresses, and supabase-js on Node's websocket, which offers compression as browsers do. */
@ExtendWith(SharedBackend.class)
@Apart
class CompressionIT {

    private static final Logger LOG = LoggerFactory.getLogger(CompressionIT.class);

    private final Backend backend;

    CompressionIT(Backend backend) {
        this.backend = backend;
    }

    @Test
    void clients_of_both_versions_get_and_send_what_was_said_whatever_its_length() {
        long seed = new Random().nextLong();
        LOG.info("seed {}", seed);
        Random random = new Random(seed);
        try (Database database = Database.create(backend.server())) {
            Conversation conversation = Conversation.open(database);
            try (ServiceProcess service = ServiceProcess.forDatabase(database)
                            .with("CAMPFIRE_COMPRESSION", "true")
                            .startHealthy();
                    SupabaseClient arrays = SupabaseClient.connect(service.url());
                    SupabaseClient objects = SupabaseClient.with(SupabaseClient.Version.V2_119)
                            .vsn("1.0.0")
                            .connect(service.url())) {
                Map<String, Object> echo = Map.of("broadcast", Map.of("self", true));
                List<SupabaseChannel> rooms = List.of(
                        arrays.join("room:1", List.of("*"), echo).awaitSubscribed(),
                        objects.join("room:1", List.of("*"), echo).awaitSubscribed());
                List<SupabaseChannel> told =
                        List.of(arrays.subscribe(conversation.channel()), objects.subscribe(conversation.channel()));
                int broadcasts = 0;
                for (int length : new int[] {1, 200, 5000, 70_000}) {
                    String text = words(random, length);
                    broadcasts += rooms.size();
                    int sentSoFar = broadcasts;

                    conversation.say(text);
                    rooms.getFirst().send("said", Map.of("text", text));
                    rooms.getLast().send("said", Map.of("text", text));

                    told.forEach(channel -> channel.awaitDelivery(
                            "message of " + length,
                            delivery -> delivery.record("content").asText().equals(text)));
                    rooms.forEach(channel -> assertThat(channel.awaitDeliveries(sentSoFar))
                            .hasSize(sentSoFar)
                            .filteredOn(delivery ->
                                    delivery.payload().path("text").asText().equals(text))
                            .as("broadcasts of " + length)
                            .hasSize(rooms.size()));
                }
            }
        }
    }

    /** Text that can be compressed. */
    private static String words(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(random.nextInt(100)).append(" ünï ");
        }
        return text.substring(0, length);
    }
}
