package dev.campfire.realtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Says why somebody gets no events: a problem as RFC 9457 has them, which repeats its detail as {@code message}. */
public final class EventsRefusal {

    private EventsRefusal() {}

    /** @param reason a sentence for the caller */
    public static HttpAnswer of(int status, String reason) {
        String json = JsonNodeFactory.instance
                .objectNode()
                .put("type", "urn:campfire:problem:" + type(status))
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", reason)
                .put("message", reason)
                .toString();
        HttpAnswer answer =
                new HttpAnswer(status, "application/problem+json", json.getBytes(StandardCharsets.UTF_8), Map.of());
        return status == HttpResponseStatus.UNAUTHORIZED.code() ? answer.with("www-authenticate", "Bearer") : answer;
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "malformed-request";
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 429 -> "too-many-requests";
            default -> "unavailable";
        };
    }
}
