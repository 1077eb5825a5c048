package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Says in an event stream what a session says to a socket's client: the answer to the one join becomes the answer's
 * beginning, the end of the one channel its end.
 */
final class EventStreamMessages implements ServerMessages {

    private static final int OVERHEAD = 160;

    private final EventStreamSerializer serializer;
    private final StreamLink link;
    private final JsonReader json;

    EventStreamMessages(EventStreamSerializer serializer, StreamLink link, JsonReader json) {
        this.serializer = serializer;
        this.link = link;
        this.json = json;
    }

    @Override
    public void write(ServerMessage message) {
        switch (message.event()) {
            case "phx_reply" -> answer(payload(message));
            case "phx_close", "phx_error" -> link.end();
            case "system" -> system(payload(message));
            default -> {
                // Presence, which was not asked for.
            }
        }
    }

    private JsonNode payload(ServerMessage message) {
        try {
            return json.tree(message.payload().getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("a message of ours is no JSON", e);
        }
    }

    private void answer(JsonNode reply) {
        JsonNode response = reply.path("response");
        if (!reply.path("status").asText().equals("ok")) {
            link.refuse(Refusal.of(response.path("reason").asText()));
            return;
        }
        link.begin();
        JsonNode resume = response.path("resume");
        ByteBuf out = link.allocate(OVERHEAD * 2);
        serializer.writeResume(resume.path("from").textValue(), resume.toString(), out);
        link.write(out);
    }

    private void system(JsonNode system) {
        String message = system.path("message").asText();
        ByteBuf out = link.allocate(message.length() + OVERHEAD);
        if (system.path("status").asText().equals("error")) {
            String error = JsonNodeFactory.instance
                    .objectNode()
                    .put("message", message)
                    .toString();
            serializer.write(new ServerMessage(Ref.NONE, Ref.NONE, "", "error", error), out);
        } else {
            serializer.writeComment(message, out);
        }
        link.write(out);
    }
}
