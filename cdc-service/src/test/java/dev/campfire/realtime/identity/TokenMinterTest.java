package dev.campfire.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.campfire.realtime.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TokenMinterTest {

    private static final String SECRET = "a secret for tests";

    private final ManualClock clock = new ManualClock();
    private final TokenMinter minter = new TokenMinter(SECRET, clock);
    private final TokenVerifier verifier = new TokenVerifier(List.of(SECRET), clock);

    private Claims claims(String token) {
        return ((Verification.Accepted) verifier.verify(token)).claims();
    }

    @Test
    void a_minted_token_says_what_it_was_made_for() {
        Claims claims = claims(minter.mint("authenticated", "u1", Map.of("org", "o1"), Duration.ofHours(1)));

        assertThat(claims.role()).isEqualTo("authenticated");
        assertThat(claims.subject()).isEqualTo("u1");
        assertThat(claims.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        assertThat(claims.all()).containsEntry("org", "o1").containsKey("iat");
    }

    @Test
    void an_anonymous_token_has_no_subject() {
        assertThat(claims(minter.mint("anon", null, Map.of(), Duration.ofHours(1)))
                        .all())
                .doesNotContainKey("sub");
    }

    @Test
    void further_claims_do_not_replace_the_role() {
        assertThat(claims(minter.mint("anon", null, Map.of("role", "service_role"), Duration.ofHours(1)))
                        .role())
                .isEqualTo("anon");
    }

    @Test
    void an_empty_secret_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenMinter("", clock));
    }
}
