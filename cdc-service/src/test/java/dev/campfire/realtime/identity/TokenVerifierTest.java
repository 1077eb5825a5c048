package dev.campfire.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import dev.campfire.realtime.ManualClock;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenVerifierTest {

    private static final String SECRET = "a secret that has more than 32 bytes";
    private static final String NEXT = "the secret that will be used from tomorrow on";

    private final ManualClock clock = new ManualClock();
    private final TokenVerifier verifier = new TokenVerifier(List.of(SECRET, NEXT), clock);

    private static byte[] key(String secret) {
        return Arrays.copyOf(secret.getBytes(StandardCharsets.UTF_8), 64);
    }

    private static String sign(String header, String claims, String secret) throws Exception {
        JWSObject token = new JWSObject(JWSHeader.parse(header), new Payload(claims));
        token.sign(new MACSigner(key(secret)));
        return token.serialize();
    }

    private String claims(String rest) {
        return "{\"role\":\"anon\",\"exp\":" + clock.instant().plusSeconds(60).getEpochSecond() + rest + "}";
    }

    private static String hs256(String claims) throws Exception {
        return sign("{\"alg\":\"HS256\"}", claims, SECRET);
    }

    private Claims accepted(String token) {
        assertThat(verifier.verify(token)).isInstanceOf(Verification.Accepted.class);
        return ((Verification.Accepted) verifier.verify(token)).claims();
    }

    private Rejection refused(String token) {
        assertThat(verifier.verify(token)).isInstanceOf(Verification.Refused.class);
        return ((Verification.Refused) verifier.verify(token)).rejection();
    }

    @Test
    void gives_the_claims_of_a_good_token() throws Exception {
        String json = claims(",\"sub\":\"u1\",\"org\":{\"id\":7},\"none\":null");

        Claims claims = accepted(hs256(json));

        assertThat(claims.role()).isEqualTo("anon");
        assertThat(claims.subject()).isEqualTo("u1");
        assertThat(claims.expiresAt()).isEqualTo(clock.instant().plusSeconds(60));
        assertThat(claims.all()).containsEntry("org", Map.of("id", 7)).containsEntry("none", null);
        assertThat(claims.json()).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void accepts_every_hmac_algorithm_with_a_secret_of_any_length(String algorithm) throws Exception {
        assertThat(accepted(sign("{\"alg\":\"" + algorithm + "\"}", claims(""), SECRET))
                        .role())
                .isEqualTo("anon");
    }

    @Test
    void a_short_secret_signs_as_everybody_elses_hmac_does() throws Exception {
        String signed = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims("").getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("short".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String token = signed + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));

        assertThat(new TokenVerifier(List.of("short"), clock).verify(token)).isInstanceOf(Verification.Accepted.class);
    }

    @Test
    void accepts_the_next_secret_too() throws Exception {
        accepted(sign("{\"alg\":\"HS256\",\"kid\":\"any\"}", claims(""), NEXT));
    }

    @Test
    void accepts_a_token_that_is_escaped_or_broken_into_lines() throws Exception {
        String token = hs256(claims(""));

        accepted(" " + token.replace(".", "%2E\r\n\t") + "%0A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.e30", "sb_publishable_abc", "%", "%zz.%2e.."})
    void refuses_what_is_no_jwt(String text) {
        Rejection rejection = refused(text);

        assertThat(rejection.joinReason()).isEqualTo("MalformedJWT: The token provided is not a valid JWT");
        assertThat(rejection.upgradeError()).isEqualTo("The token provided is not a valid JWT");
    }

    @Test
    void refuses_a_signature_of_another_secret() throws Exception {
        Rejection rejection = refused(sign("{\"alg\":\"HS256\"}", claims(""), "some other secret of some length"));

        assertThat(rejection.joinReason()).isEqualTo("JwtSignatureError: Failed to validate JWT signature");
        assertThat(rejection.upgradeError()).isEqualTo("Failed to validate JWT signature");
    }

    @Test
    void refuses_a_token_that_was_changed_after_it_was_signed() throws Exception {
        String[] parts = hs256(claims("")).split("\\.");
        String forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims(",\"role\":\"service_role\"").getBytes(StandardCharsets.UTF_8));

        assertThat(refused(parts[0] + "." + forged + "." + parts[2])).isEqualTo(new Rejection.BadSignature());
    }

    @Test
    void refuses_a_token_without_algorithm() {
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        String payload = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims("").getBytes(StandardCharsets.UTF_8));

        assertThat(refused(none + "." + payload + ".").joinReason())
                .isEqualTo("JwtSignerError: Failed to generate JWT signer, check your JWT secret or JWKS"
                        + " configuration");
    }

    @Test
    void the_tokens_algorithm_does_not_turn_the_secret_into_a_key_of_another_kind() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        JWSObject token = new JWSObject(JWSHeader.parse("{\"alg\":\"RS256\",\"kid\":\"k1\"}"), new Payload(claims("")));
        token.sign(new RSASSASigner((RSAPrivateKey) generator.generateKeyPair().getPrivate()));

        assertThat(refused(token.serialize()).joinReason())
                .isEqualTo("JwtSignerError: Failed to generate JWT signer for key ID (kid) \"k1\", check your JWT"
                        + " secret or JWKS configuration");
    }

    @Test
    void refuses_a_token_from_the_second_in_which_it_ends() throws Exception {
        String token = hs256(claims(""));
        clock.advance(Duration.ofSeconds(60).minusNanos(1));
        accepted(token);

        clock.advance(Duration.ofNanos(1));
        assertThat(refused(token)).isEqualTo(new Rejection.Expired(0));
        clock.advance(Duration.ofMillis(2_900));

        assertThat(refused(token).joinReason()).isEqualTo("InvalidJWTToken: Token has expired 2 seconds ago");
        assertThat(refused(token).message()).isEqualTo("Token has expired 2 seconds ago");
        assertThat(refused(token).upgradeError()).isEqualTo("Token has expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"role\":\"anon\"}", "{\"exp\":99999999999}", "{\"exp\":null,\"role\":\"anon\"}", "{}"})
    void refuses_a_token_without_role_or_end(String claims) throws Exception {
        assertThat(refused(hs256(claims)).joinReason())
                .isEqualTo("InvalidJWTToken: Fields `role` and `exp` are required in JWT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"tomorrow\"", "true", "{}", "1e300"})
    void refuses_an_end_that_is_no_time(String exp) throws Exception {
        assertThat(refused(hs256("{\"role\":\"anon\",\"exp\":" + exp + "}")).joinReason())
                .isEqualTo("InvalidJWTToken: Token expiration time is invalid");
    }

    @ParameterizedTest
    @CsvSource({"99999999999.4, 99999999999", "99999999999.5, 100000000000"})
    void rounds_an_end_with_a_fraction(String exp, long seconds) throws Exception {
        assertThat(accepted(hs256("{\"role\":\"anon\",\"exp\":" + exp + "}"))
                        .expiresAt()
                        .getEpochSecond())
                .isEqualTo(seconds);
    }

    @Test
    void refuses_a_time_of_issue_that_is_no_number() throws Exception {
        assertThat(refused(hs256(claims(",\"iat\":\"now\"")))).isEqualTo(new Rejection.Malformed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "null", "text", "{} {}"})
    void refuses_claims_that_are_no_object(String claims) throws Exception {
        assertThat(refused(hs256(claims))).isEqualTo(new Rejection.Malformed());
    }

    @Test
    void refuses_a_text_of_unreasonable_length_unread() throws Exception {
        String token = hs256(claims(",\"padding\":\"" + "x".repeat(70_000) + "\""));

        assertThat(refused(token)).isEqualTo(new Rejection.Malformed());
    }

    @Test
    void claims_are_not_in_their_text_form() throws Exception {
        assertThat(accepted(hs256(claims(",\"sub\":\"somebody\""))).toString()).doesNotContain("somebody");
    }
}
