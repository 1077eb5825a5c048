package dev.campfire.realtime.server.api;

import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.identity.Verification;
import dev.campfire.realtime.server.HttpCall;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who makes a call: the bearer of the token in {@code Authorization}, {@code apikey} or {@code x-api-key}. */
final class Caller {

    private static final String BEARER = "bearer ";

    private Caller() {}

    /** The claims of the first token that the request has; empty when it has none that is good. */
    static Optional<Claims> of(HttpCall call, TokenVerifier verifier) {
        String token = token(call);
        if (token == null) {
            return Optional.empty();
        }
        return switch (verifier.verify(token)) {
            case Verification.Accepted(Claims claims) -> Optional.of(claims);
            case Verification.Refused refused -> Optional.empty();
        };
    }

    /** The first token that the request has; null when it has none. */
    static @Nullable String token(HttpCall call) {
        String bearer = bearer(call);
        if (bearer != null) {
            return bearer;
        }
        String apikey = call.headers().get("apikey");
        return apikey != null ? apikey : call.headers().get("x-api-key");
    }

    /** The token in {@code Authorization}; null when there is none. */
    static @Nullable String bearer(HttpCall call) {
        String authorization = call.headers().get("authorization");
        boolean isBearer = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return isBearer ? authorization.substring(BEARER.length()).strip() : null;
    }
}
