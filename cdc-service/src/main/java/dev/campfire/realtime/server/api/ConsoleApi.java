package dev.campfire.realtime.server.api;

import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/console} and {@code GET /api/console/channels}: what the page at {@code /} is made from, for service_role alone. */
public final class ConsoleApi {

    private static final int MOST_CHANNELS = 500;
    private static final int DEFAULT_CHANNELS = 100;
    private static final int LONGEST_SEARCH = 256;

    private final Operators operators;
    private final ConsoleSource source;

    public ConsoleApi(TokenVerifier verifier, ConsoleSource source) {
        this.operators = new Operators(verifier);
        this.source = source;
    }

    /** Adds its routes. */
    public void addTo(Routes.Builder routes) {
        routes.get("/api/console", guarded(this::snapshot)).get("/api/console/channels", guarded(this::channels));
    }

    private HttpEndpoint guarded(Function<HttpCall, HttpAnswer> endpoint) {
        return operators.only((call, claims) -> CompletableFuture.supplyAsync(() -> endpoint.apply(call)));
    }

    private HttpAnswer snapshot(HttpCall call) {
        Long after = number(call, "after", 0, 0, Long.MAX_VALUE);
        return after == null
                ? Problem.MALFORMED.answer("after is not a whole number")
                : HttpAnswer.json(200, source.snapshot(after));
    }

    private HttpAnswer channels(HttpCall call) {
        String search = parameter(call, "search", "");
        Long limit = number(call, "limit", DEFAULT_CHANNELS, 1, MOST_CHANNELS);
        if (limit == null) {
            return Problem.MALFORMED.answer("limit is not a whole number from 1 to " + MOST_CHANNELS);
        }
        if (search.length() > LONGEST_SEARCH) {
            return Problem.MALFORMED.answer("search has more than " + LONGEST_SEARCH + " characters");
        }
        return HttpAnswer.json(200, source.channels(search, limit.intValue()));
    }

    private static String parameter(HttpCall call, String name, String otherwise) {
        return call.query().getOrDefault(name, List.of(otherwise)).getFirst();
    }

    private static @Nullable Long number(HttpCall call, String name, long otherwise, long least, long most) {
        try {
            long value = Long.parseLong(parameter(call, name, Long.toString(otherwise)));
            return value < least || value > most ? null : value;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
