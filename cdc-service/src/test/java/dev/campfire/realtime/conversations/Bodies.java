package dev.campfire.realtime.conversations;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.identity.Claims;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Bodies as callers write them, and what they hear about them. JSON is written with single quotes. */
final class Bodies {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Bodies() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Each wrong field with its error: {@code "content is required"}. */
    static List<String> errors(ThrowingCallable reading) {
        Refusal refusal = catchThrowableOfType(Refusal.class, reading);
        return refusal == null
                ? List.of()
                : refusal.errors().stream()
                        .map(error -> error.field() + " " + error.detail())
                        .toList();
    }

    static Participant caller(String role, @Nullable String subject, Map<String, @Nullable Object> claims) {
        return new Participant(new Claims(role, Instant.MAX, subject, claims, "{}"), "{}");
    }
}
