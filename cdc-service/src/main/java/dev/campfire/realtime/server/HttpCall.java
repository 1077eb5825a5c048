package dev.campfire.realtime.server;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;

/**
 * A request that has arrived whole.
 *
 * @param method in capitals; a HEAD request comes as GET, its answer's body is left out
 * @param path the path as it was sent
 * @param pathParameters what stood in the place of the route's {@code :names}, decoded
 * @param query the query's parameters, decoded
 * @param headers the headers; not to be changed
 * @param body the body, empty when there is none
 */
public record HttpCall(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, List<String>> query,
        HttpHeaders headers,
        byte[] body) {}
