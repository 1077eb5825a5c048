package dev.campfire.realtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;

/** The headers of a request that policies may see. */
public final class ForwardedHeaders {

    private static final String PREFIX = "x-";

    private ForwardedHeaders() {}

    /** All {@code x-*} headers as a JSON object, their names in lower case; of several with one name the first. */
    public static String json(HttpHeaders headers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX) && !json.has(name)) {
                json.put(name, header.getValue());
            }
        }
        return json.toString();
    }
}
