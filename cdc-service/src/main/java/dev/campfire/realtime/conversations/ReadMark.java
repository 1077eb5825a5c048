package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far one side has read what the other side wrote.
 *
 * @param isCustomer whether the customer reads; otherwise the organisation does
 * @param upTo the last message that was read; null for all that there are
 */
public record ReadMark(boolean isCustomer, @Nullable UUID upTo) {

    private static final String READER = "reader_type";
    private static final String UP_TO = "message_id";

    /**
     * Reads {@code {"message_id": ..., "reader_type": ...}}, both optional: a visitor reads as the customer, everybody
     * else as an agent.
     *
     * @throws Refusal with an entry for each field that is wrong
     */
    public static ReadMark read(JsonNode body, Participant reader) {
        Fields fields = new Fields(body, Set.of(READER, UP_TO));
        String type = fields.oneOf(READER, List.of("customer", "agent"));
        UUID upTo = fields.uuid(UP_TO);
        fields.check();
        return new ReadMark(type == null ? reader.isVisitor() : type.equals("customer"), upTo);
    }

    /** The senders whose messages are read. */
    List<String> senders() {
        return isCustomer ? List.of("agent", "system") : List.of("customer");
    }
}
