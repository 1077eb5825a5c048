package dev.campfire.realtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param contentType empty for an answer without a body
 * @param headers further headers, such as {@code allow}
 * @param writer writes the body instead, for one that is too long to be held or goes on for ever; null for none
 */
public record HttpAnswer(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        @Nullable BodyWriter writer) {

    /** An answer whose body is there. */
    public HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    /** An answer whose body is written bit by bit. */
    public static HttpAnswer written(int status, String contentType, BodyWriter writer) {
        return new HttpAnswer(status, contentType, new byte[0], Map.of(), writer);
    }

    /** An answer without a body. */
    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, "", new byte[0], Map.of());
    }

    /** A line of text. */
    public static HttpAnswer text(int status, String text) {
        return new HttpAnswer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /**
     * @param json JSON text
     */
    public static HttpAnswer json(int status, String json) {
        return new HttpAnswer(status, "application/json", json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** A JSON object with the one field {@code error}. */
    public static HttpAnswer error(int status, String error) {
        return json(
                status,
                JsonNodeFactory.instance.objectNode().put("error", error).toString());
    }

    /** A JSON object with the one field {@code message}. */
    public static HttpAnswer message(int status, String message) {
        return json(
                status,
                JsonNodeFactory.instance.objectNode().put("message", message).toString());
    }

    /** The same with one more header. */
    public HttpAnswer with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, contentType, body, Map.copyOf(more), writer);
    }
}
