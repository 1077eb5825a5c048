package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.changes.ChangeFeed;
import org.jspecify.annotations.Nullable;

/** What a client is answered whose join succeeds. */
final class JoinReply {

    private JoinReply() {}

    /**
     * The response as JSON: the entries of {@code postgres_changes} as they came, each with its id, and where the client goes on.
     *
     * @param found null for a client that does not resume
     */
    static String of(JoinRequest request, ResumeSource.@Nullable Found found, ChangeFeed feed) {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        if (!request.changes().isLegacy()) {
            for (JsonNode entry : request.changes().entries()) {
                ObjectNode echo = entry.deepCopy();
                entries.add(echo.put("id", feed.idOf(entry)));
            }
        }
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.set("postgres_changes", entries);
        if (found != null) {
            response.putObject("resume")
                    .put("recovered", found.isRecovered())
                    .put("from", found.from())
                    .put("oldest", found.oldest());
        }
        return response.toString();
    }
}
