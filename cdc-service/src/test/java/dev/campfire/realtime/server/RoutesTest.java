package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutesTest {

    private static final HttpEndpoint ENDPOINT = call -> CompletableFuture.completedFuture(HttpAnswer.empty(202));

    private static final Health HEALTHY = new Health() {
        @Override
        public Optional<String> notReadyBecause() {
            return Optional.empty();
        }

        @Override
        public String details() {
            return "{}";
        }
    };

    private final Routes routes = Routes.withHealth(HEALTHY)
            .post("/api/broadcast", ENDPOINT)
            .post("/api/broadcast/:topic/events/:event", ENDPOINT)
            .build();

    @ParameterizedTest
    @CsvSource({"/api/broadcast", "/api/broadcast/", "//api/broadcast", "/api/%62roadcast"})
    void a_path_fits_by_its_segments(String path) {
        assertThat(routes.find("POST", path)).isEqualTo(new Routes.Match.Found(ENDPOINT, Map.of()));
    }

    @Test
    void parameters_are_decoded_one_by_one() {
        assertThat(routes.find("POST", "/api/broadcast/a%2Fb/events/x+y%20z"))
                .isEqualTo(new Routes.Match.Found(ENDPOINT, Map.of("topic", "a/b", "event", "x+y z")));
    }

    @ParameterizedTest
    @CsvSource({"/", "/api", "/api/broadcast/a", "/API/broadcast"})
    void another_path_fits_nothing(String path) {
        assertThat(routes.find("POST", path)).isEqualTo(new Routes.Match.Nothing());
    }

    @Test
    void another_method_is_told_which_are_allowed() {
        assertThat(routes.find("DELETE", "/healthcheck")).isEqualTo(new Routes.Match.WrongMethod("GET, HEAD, OPTIONS"));
        assertThat(routes.find("GET", "/api/broadcast")).isEqualTo(new Routes.Match.WrongMethod("POST, OPTIONS"));
    }

    @Test
    void a_route_is_given_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Routes.withHealth(HEALTHY).get("/health", ENDPOINT))
                .withMessage("GET /health has an endpoint already");
    }
}
