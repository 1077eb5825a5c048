package dev.campfire.realtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How it is told what is wrong under {@code /api}: {@code application/problem+json}, as RFC 9457 has it. */
public final class ProblemDetails {

    private static final String TYPES = "urn:campfire:problem:";

    private ProblemDetails() {}

    /**
     * The members that every problem has; more may be added.
     *
     * @param type what stands behind {@code urn:campfire:problem:}
     * @param detail a sentence for the caller
     */
    public static ObjectNode of(int status, String type, String title, String detail) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", TYPES + type)
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
    }

    /** The answer whose body this is, without further headers. */
    public static HttpAnswer answer(ObjectNode problem) {
        return new HttpAnswer(
                problem.get("status").intValue(),
                "application/problem+json",
                problem.toString().getBytes(StandardCharsets.UTF_8),
                Map.of());
    }
}
