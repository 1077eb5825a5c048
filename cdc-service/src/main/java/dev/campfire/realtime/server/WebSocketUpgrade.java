package dev.campfire.realtime.server;

import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.identity.Verification;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.phoenix.ProtocolVersion;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides which requests become websockets. Safe for use by several threads. */
final class WebSocketUpgrade {

    /** As supabase-js asks for it, and as the gateway of a self-hosted Supabase passes it on. */
    private static final List<List<String>> PATHS =
            List.of(List.of("realtime", "v1", "websocket"), List.of("socket", "websocket"));

    private static final String API_KEY_HEADER = "x-api-key";

    private final TokenVerifier verifier;
    private final Tenant tenant;

    WebSocketUpgrade(TokenVerifier verifier, Tenant tenant) {
        this.verifier = verifier;
        this.tenant = tenant;
    }

    /** Whether this path belongs to websockets at all. */
    static boolean isAt(List<String> segments) {
        return PATHS.contains(segments);
    }

    sealed interface Decision {
        /**
         * @param token the token that the socket is opened with
         */
        record Accepted(ProtocolVersion version, String token) implements Decision {}

        record Refused(HttpAnswer answer) implements Decision {}
    }

    /** Looks at a request on one of the paths: its form first, then the version, then the token. */
    Decision decide(FullHttpRequest request, Map<String, List<String>> query) {
        if (!request.method().equals(HttpMethod.GET)) {
            return new Decision.Refused(
                    HttpAnswer.error(405, "Method not allowed").with("allow", "GET"));
        }
        if (!asksForWebSocket(request)) {
            return new Decision.Refused(HttpAnswer.error(426, "This is a websocket endpoint")
                    .with("upgrade", "websocket")
                    .with("sec-websocket-version", "13"));
        }
        Optional<ProtocolVersion> version = ProtocolVersion.of(first(query, "vsn"));
        if (version.isEmpty()) {
            return new Decision.Refused(HttpAnswer.empty(403));
        }
        String token = request.headers().get(API_KEY_HEADER, first(query, "apikey"));
        if (token == null || token.isBlank()) {
            return new Decision.Refused(HttpAnswer.error(401, "API key is missing"));
        }
        return switch (verifier.verify(token)) {
            case Verification.Accepted accepted -> {
                HttpAnswer refused = checkLimits();
                yield refused == null ? new Decision.Accepted(version.get(), token) : new Decision.Refused(refused);
            }
            case Verification.Refused(var rejection) ->
                new Decision.Refused(HttpAnswer.error(401, rejection.upgradeError()));
        };
    }

    private @Nullable HttpAnswer checkLimits() {
        TenantLimits limits = tenant.limits();
        if (limits.isSuspended()) {
            return HttpAnswer.error(403, "Realtime was disabled for this tenant");
        }
        if (tenant.users() >= limits.connectedUsers()) {
            return HttpAnswer.error(429, "Too many connected users");
        }
        return tenant.joins().perSecond() > limits.joinsPerSecond()
                ? HttpAnswer.error(429, "Too many joins per second")
                : null;
    }

    private static boolean asksForWebSocket(FullHttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && "13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    }

    private static @Nullable String first(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }
}
