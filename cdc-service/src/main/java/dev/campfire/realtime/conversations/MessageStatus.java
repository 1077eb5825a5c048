package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * What a caller may report of a message, in the order in which it happens: a report never takes a later one back, so that
 * reports that overtake one another do no harm. A message that failed may be delivered after all.
 */
public enum MessageStatus {
    FAILED,
    DELIVERED,
    READ;

    private static final List<String> ALLOWED = List.of("delivered", "read", "failed");

    /**
     * Reads {@code {"status": ...}}.
     *
     * @throws Refusal with an entry for each field that is wrong
     */
    public static MessageStatus read(JsonNode body) {
        Fields fields = new Fields(body, Set.of("status"));
        fields.require("status");
        String status = fields.oneOf("status", ALLOWED);
        fields.check();
        return valueOf(Objects.requireNonNull(status).toUpperCase(Locale.ROOT));
    }

    /** As it stands in the table. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its place in the order; a message that was only sent has 0. */
    int rank() {
        return ordinal() + 1;
    }
}
