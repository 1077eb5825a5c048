package dev.campfire.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.campfire.realtime.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any text as a token, any text as the claims of a signed one: accepted by the rules or refused, and nothing else. */
final class TokenFuzzTest {

    private static final String SECRET = "a secret that is only used by these tests";

    private final TokenVerifier verifier = new TokenVerifier(
            TokenRules.of(List.of(SECRET)).withJwks("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}]}"),
            new ManualClock());

    @FuzzTest
    void what_is_not_signed_with_a_key_of_ours_is_refused(byte[] text) {
        assertThat(verifier.verify(new String(text, StandardCharsets.UTF_8))).isInstanceOf(Verification.Refused.class);
    }

    @FuzzTest
    void claims_are_accepted_only_with_a_role_and_an_end(byte[] claims) throws Exception {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
        token.sign(new MACSigner(SECRET));
        switch (verifier.verify(token.serialize())) {
            case Verification.Accepted(Claims accepted) -> {
                assertThat(accepted.role()).isNotNull();
                assertThat(accepted.expiresAt()).isAfter(new ManualClock().instant());
            }
            case Verification.Refused(Rejection rejection) ->
                assertThat(rejection.message()).isNotBlank();
        }
    }
}
