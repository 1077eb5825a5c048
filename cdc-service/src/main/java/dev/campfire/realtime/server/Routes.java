package dev.campfire.realtime.server;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint answers which request. A pattern is a path whose segments stand for themselves, or for anything when
 * they begin with a colon; slashes at the end do not count. The first pattern that fits wins. Immutable.
 */
public final class Routes {

    private final List<Route> routes;

    private Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** Begins a table with {@code /healthcheck} (200 or 503, in a line of text) and {@code /health} (JSON). */
    public static Builder withHealth(Health health) {
        return new Builder()
                .get(
                        "/healthcheck",
                        call -> CompletableFuture.completedFuture(health.notReadyBecause()
                                .map(why -> HttpAnswer.text(503, why))
                                .orElseGet(() -> HttpAnswer.text(200, "ok"))))
                .get(
                        "/health",
                        call -> CompletableFuture.completedFuture(
                                HttpAnswer.json(health.notReadyBecause().isPresent() ? 503 : 200, health.details())));
    }

    /** All routes, as {@code GET /api/ping}. */
    Set<String> described() {
        Set<String> all = new TreeSet<>();
        for (Route route : routes) {
            for (String method : route.byMethod.keySet()) {
                all.add(method + " /" + String.join("/", route.pattern));
            }
        }
        return all;
    }

    /** What a lookup found. */
    sealed interface Match {
        record Found(HttpEndpoint endpoint, Map<String, String> pathParameters) implements Match {}

        record WrongMethod(String allowed) implements Match {}

        record Nothing() implements Match {}
    }

    Match find(String method, String path) {
        List<String> segments = segments(path);
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(segments);
            if (parameters.isPresent()) {
                HttpEndpoint endpoint = route.byMethod.get(method);
                return endpoint == null
                        ? new Match.WrongMethod(route.allowed())
                        : new Match.Found(endpoint, parameters.get());
            }
        }
        return new Match.Nothing();
    }

    /** The path's segments, decoded one by one, so that an escaped slash is none. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B")));
            }
        }
        return segments;
    }

    private record Route(List<String> pattern, Map<String, HttpEndpoint> byMethod) {

        Optional<Map<String, String>> match(List<String> segments) {
            if (segments.size() != pattern.size()) {
                return Optional.empty();
            }
            Map<String, String> parameters = new HashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                String expected = pattern.get(i);
                if (expected.startsWith(":")) {
                    parameters.put(expected.substring(1), segments.get(i));
                } else if (!expected.equals(segments.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(parameters);
        }

        String allowed() {
            String methods = String.join(", ", byMethod.keySet());
            return (byMethod.containsKey("GET") ? methods + ", HEAD" : methods) + ", OPTIONS";
        }
    }

    /** Collects routes. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Route> routes = new ArrayList<>();

        private Builder() {}

        /** Answers GET and HEAD. */
        public Builder get(String pattern, HttpEndpoint endpoint) {
            return on("GET", pattern, endpoint);
        }

        /** Answers POST. */
        public Builder post(String pattern, HttpEndpoint endpoint) {
            return on("POST", pattern, endpoint);
        }

        /** Answers any one method, given in capitals. */
        public Builder on(String method, String pattern, HttpEndpoint endpoint) {
            List<String> segments = segments(pattern);
            Route route = find(segments);
            if (route == null) {
                route = new Route(segments, new TreeMap<>());
                routes.add(route);
            }
            if (route.byMethod().put(method, endpoint) != null) {
                throw new IllegalArgumentException(method + " " + pattern + " has an endpoint already");
            }
            return this;
        }

        private @Nullable Route find(List<String> segments) {
            for (Route route : routes) {
                if (route.pattern().equals(segments)) {
                    return route;
                }
            }
            return null;
        }

        /** The table as it is now. */
        public Routes build() {
            return new Routes(routes);
        }
    }
}
