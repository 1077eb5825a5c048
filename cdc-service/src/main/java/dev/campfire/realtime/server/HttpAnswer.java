package dev.campfire.realtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param contentType empty for an answer without a body
 * @param headers further headers, such as {@code allow}
 */
public record HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

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
        return new HttpAnswer(status, contentType, body, Map.copyOf(more));
    }
}
