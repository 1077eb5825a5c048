package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.conversations.FieldError;
import dev.campfire.realtime.conversations.Refusal;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.ProblemDetails;
import java.util.List;

/** Answers that say what is wrong, as RFC 9457 has them: {@code application/problem+json}. */
enum Problem {
    MALFORMED(400, "malformed-request", "The request can't be read"),
    UNAUTHORIZED(401, "unauthorized", "No good token"),
    FORBIDDEN(403, "forbidden", "Not permitted"),
    NOT_FOUND(404, "not-found", "Not found"),
    CONFLICT(409, "conflict", "In conflict with another call"),
    GONE(410, "gone", "Not in the journal any more"),
    TOO_LARGE(413, "too-large", "The body is too large"),
    NOT_JSON(415, "not-json", "The body has to be JSON"),
    INVALID(422, "invalid-fields", "Fields are wrong"),
    KEY_REUSED(422, "idempotency-key-reused", "The idempotency key was used before"),
    TOO_MANY(429, "too-many-requests", "Too many requests"),
    NOT_SET_UP(501, "not-set-up", "The database lacks what this needs"),
    UNAVAILABLE(503, "unavailable", "The database can't be asked now");

    private final int status;
    private final String type;
    private final String title;

    Problem(int status, String type, String title) {
        this.status = status;
        this.type = type;
        this.title = title;
    }

    static HttpAnswer of(Refusal refusal) {
        Problem problem =
                switch (refusal.reason()) {
                    case NOT_FOUND -> NOT_FOUND;
                    case FORBIDDEN -> FORBIDDEN;
                    case INVALID -> INVALID;
                    case KEY_REUSED -> KEY_REUSED;
                    case CONFLICT -> CONFLICT;
                    case NOT_SET_UP -> NOT_SET_UP;
                    case UNAVAILABLE -> UNAVAILABLE;
                };
        return problem.answer(refusal.detail(), refusal.errors());
    }

    HttpAnswer answer(String detail) {
        return answer(detail, List.of());
    }

    /** @param more further fields */
    HttpAnswer answer(String detail, ObjectNode more) {
        ObjectNode json = json(detail);
        json.setAll(more);
        return answer(json);
    }

    /** @param errors one for each field that is wrong */
    private HttpAnswer answer(String detail, List<FieldError> errors) {
        ObjectNode json = json(detail);
        if (!errors.isEmpty()) {
            ArrayNode list = json.putArray("errors");
            for (FieldError error : errors) {
                list.addObject().put("field", error.field()).put("detail", error.detail());
            }
        }
        return answer(json);
    }

    private ObjectNode json(String detail) {
        return ProblemDetails.of(status, type, title, detail);
    }

    private HttpAnswer answer(ObjectNode json) {
        HttpAnswer answer = ProblemDetails.answer(json);
        return switch (this) {
            case UNAUTHORIZED -> answer.with("www-authenticate", "Bearer");
            // Browsers show a page of another origin only the headers that are named.
            case TOO_MANY, UNAVAILABLE, CONFLICT ->
                answer.with("retry-after", "1").with("access-control-expose-headers", "retry-after");
            default -> answer;
        };
    }
}
