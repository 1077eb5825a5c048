package dev.campfire.realtime.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;

/** Lets pages of any origin use the service: who is allowed what, tokens decide. */
final class CrossOrigin {

    private static final String USUAL_HEADERS =
            "authorization, apikey, content-type, idempotency-key, last-event-id, x-api-key, x-client-info";

    private CrossOrigin() {}

    /** The answer to a browser that asks before it sends. */
    static HttpAnswer preflight(HttpHeaders asked) {
        return new HttpAnswer(
                204,
                "",
                new byte[0],
                Map.of(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS.toString(),
                        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS.toString(),
                        asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, USUAL_HEADERS),
                        HttpHeaderNames.ACCESS_CONTROL_MAX_AGE.toString(),
                        "86400"));
    }
}
