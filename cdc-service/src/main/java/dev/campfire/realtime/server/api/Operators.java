package dev.campfire.realtime.server.api;

import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.identity.Verification;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whoever runs the service, as tokens know them: by the role {@code service_role}. What they alone are told tells of every
 * channel and every row, so nothing of it is to be stored on the way.
 */
final class Operators {

    private static final String ROLE = "service_role";

    private final TokenVerifier verifier;

    Operators(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** Answers a call of theirs. */
    @FunctionalInterface
    interface Endpoint {
        CompletionStage<HttpAnswer> answer(HttpCall call, Claims claims);
    }

    /** Lets them through to an endpoint, and tells everybody else what is wrong with their token. */
    HttpEndpoint only(Endpoint endpoint) {
        return call -> admit(call, endpoint).thenApply(answer -> answer.with("cache-control", "no-store"));
    }

    private CompletionStage<HttpAnswer> admit(HttpCall call, Endpoint endpoint) {
        String token = Caller.token(call);
        if (token == null || token.isBlank()) {
            return done(Problem.UNAUTHORIZED.answer(
                    "Send a token of the role " + ROLE + " in Authorization, or in apikey."));
        }
        return switch (verifier.verify(token)) {
            case Verification.Refused(var rejection) -> done(Problem.UNAUTHORIZED.answer(rejection.message()));
            case Verification.Accepted(Claims claims) ->
                claims.role().equals(ROLE)
                        ? endpoint.answer(call, claims)
                        : done(Problem.FORBIDDEN.answer("The token is one of the role " + claims.role()
                                + "; what is here is for " + ROLE + " alone."));
        };
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }
}
