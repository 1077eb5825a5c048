package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a conversation are asked for: the oldest that come after a place in the order of creation.
 *
 * @param time of the place; null when a message stands for it, or at the beginning
 * @param message the message at the place, or the last one at that time; null for all of that time
 * @param limit how many at most
 */
public record PageRequest(@Nullable Instant time, @Nullable UUID message, int limit) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int LARGEST_LIMIT = 500;

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";

    /**
     * Reads {@code after} (a message's id, a time, or what an earlier answer called {@code next_after}) and {@code limit}.
     *
     * @param query the query's parameters; others than these two are not looked at
     * @throws Refusal with an entry for each parameter that is wrong
     */
    public static PageRequest read(Map<String, List<String>> query) {
        Fields problems = new Fields(JsonNodeFactory.instance.objectNode(), Set.of());
        int limit = limit(query.getOrDefault(LIMIT, List.of()), problems);
        List<String> afters = query.getOrDefault(AFTER, List.of());
        String after = afters.isEmpty() ? "" : afters.getFirst();
        // A plus that was not escaped has arrived as a blank.
        String[] parts = after.replace(' ', '+').split("_", 2);
        UUID message = Fields.uuidOf(parts[parts.length - 1]);
        boolean isMessageAlone = parts.length == 1 && message != null;
        Instant time = isMessageAlone || after.isEmpty() ? null : time(parts[0]);
        boolean isGood = after.isEmpty() || isMessageAlone || time != null && (parts.length == 1 || message != null);
        if (!isGood || afters.size() > 1) {
            problems.wrong(AFTER, "must be a message's id, a time such as 2025-01-31T12:00:00Z, or a next_after");
        }
        problems.check();
        return new PageRequest(time, message, limit);
    }

    private static int limit(List<String> given, Fields problems) {
        if (given.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        String text = given.getFirst();
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (given.size() > 1 || limit < 1 || limit > LARGEST_LIMIT) {
            problems.wrong(LIMIT, "must be a whole number from 1 to " + LARGEST_LIMIT);
        }
        return limit;
    }

    private static @Nullable Instant time(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            // What Postgres's timestamps hold.
            boolean isInRange = time.isAfter(Instant.parse("-4000-01-01T00:00:00Z"))
                    && time.isBefore(Instant.parse("+200000-01-01T00:00:00Z"));
            return isInRange ? time : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
