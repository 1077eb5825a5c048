package dev.campfire.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.campfire.realtime.ManualClock;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys of a JWKS document, and every way to take one for another. */
final class KeyRingTest {

    private static final String SECRET = "a secret that is only used by these tests";
    private static final String CLAIMS = "{\"role\":\"anon\",\"exp\":4102444800}";

    private static RSAKey rsa;
    private static ECKey ec;
    private static OctetSequenceKey oct;
    private static KeyPair edwards;
    private static OctetKeyPair okp;
    private static TokenVerifier verifier;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        oct = new OctetSequenceKeyGenerator(256).keyID("oct").generate();
        edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        okp = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(encoded((EdECPublicKey) edwards.getPublic())))
                .keyID("okp")
                .build();
        verifier = verifier(new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK(), okp)), oct);
    }

    private static TokenVerifier verifier(JWKSet keys, JWK secretKey) {
        String publicKeys = keys.toString(true);
        String all = publicKeys.substring(0, publicKeys.lastIndexOf(']')) + "," + secretKey.toJSONString() + "]}";
        return new TokenVerifier(TokenRules.of(List.of(SECRET)).withJwks(all), new ManualClock());
    }

    private static byte[] encoded(EdECPublicKey key) {
        byte[] big = key.getPoint().getY().toByteArray();
        byte[] little = new byte[32];
        for (int i = 0; i < Math.min(32, big.length); i++) {
            little[i] = big[big.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            little[31] |= (byte) 0x80;
        }
        return little;
    }

    private static String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer) throws Exception {
        JWSObject token =
                new JWSObject(new JWSHeader.Builder(algorithm).keyID(keyId).build(), new Payload(CLAIMS));
        token.sign(signer);
        return token.serialize();
    }

    private static String text(Verification verification) {
        return switch (verification) {
            case Verification.Accepted accepted -> "good";
            case Verification.Refused(Rejection rejection) -> rejection.message();
        };
    }

    private static String signerError(String keyId) {
        return "Failed to generate JWT signer" + (keyId == null ? "" : " for key ID (kid) \"" + keyId + "\"")
                + ", check your JWT secret or JWKS configuration";
    }

    @Test
    void each_kind_of_key_checks_its_own_algorithms() throws Exception {
        assertThat(text(verifier.verify(signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(rsa)))))
                .isEqualTo("good");
        assertThat(text(verifier.verify(signed(JWSAlgorithm.RS512, "rsa", new RSASSASigner(rsa)))))
                .isEqualTo("good");
        assertThat(text(verifier.verify(signed(JWSAlgorithm.ES256, "ec", new ECDSASigner(ec)))))
                .isEqualTo("good");
        assertThat(text(verifier.verify(signed(JWSAlgorithm.HS256, "oct", new MACSigner(oct)))))
                .isEqualTo("good");
        assertThat(text(verifier.verify(edwardsToken("EdDSA", "okp")))).isEqualTo("good");
        assertThat(text(verifier.verify(edwardsToken("Ed25519", "okp")))).isEqualTo("good");
    }

    private static String edwardsToken(String algorithm, String keyId) throws Exception {
        String head = Base64URL.encode("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\"}") + "."
                + Base64URL.encode(CLAIMS);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(edwards.getPrivate());
        signature.update(head.getBytes(StandardCharsets.US_ASCII));
        return head + "." + Base64URL.encode(signature.sign());
    }

    @Test
    void the_secret_still_signs_whatever_the_key_id_says() throws Exception {
        JWSSigner secret = new MACSigner(Arrays.copyOf(SECRET.getBytes(StandardCharsets.UTF_8), 64));

        assertThat(text(verifier.verify(signed(JWSAlgorithm.HS256, null, secret))))
                .isEqualTo("good");
        assertThat(text(verifier.verify(signed(JWSAlgorithm.HS256, "unknown", secret))))
                .isEqualTo("good");
    }

    @Test
    void a_public_key_never_serves_as_a_secret() throws Exception {
        byte[] encoded = rsa.toRSAPublicKey().getEncoded();

        assertThat(text(verifier.verify(signed(JWSAlgorithm.HS256, "rsa", new MACSigner(encoded)))))
                .isEqualTo("Failed to validate JWT signature");
        assertThat(text(verifier.verify(signed(
                        JWSAlgorithm.HS256,
                        "rsa",
                        new MACSigner(rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))))))
                .isEqualTo("Failed to validate JWT signature");
    }

    @Test
    void a_key_of_another_kind_or_none_has_no_signer() throws Exception {
        assertThat(text(verifier.verify(signed(JWSAlgorithm.RS256, "ec", new RSASSASigner(rsa)))))
                .isEqualTo(signerError("ec"));
        assertThat(text(verifier.verify(signed(JWSAlgorithm.RS256, "nobody", new RSASSASigner(rsa)))))
                .isEqualTo(signerError("nobody"));
        assertThat(text(verifier.verify(signed(JWSAlgorithm.RS256, null, new RSASSASigner(rsa)))))
                .isEqualTo(signerError(null));
        assertThat(text(verifier.verify(edwardsToken("EdDSA", "rsa")))).isEqualTo(signerError("rsa"));
    }

    @Test
    void a_signature_of_another_key_is_wrong() throws Exception {
        RSAKey other = new RSAKeyGenerator(2048).keyID("rsa").generate();
        String good = edwardsToken("EdDSA", "okp");
        String cut = good.substring(0, good.lastIndexOf('.') + 1) + Base64URL.encode(new byte[10]);

        assertThat(text(verifier.verify(signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(other)))))
                .isEqualTo("Failed to validate JWT signature");
        assertThat(text(verifier.verify(cut))).isEqualTo("Failed to validate JWT signature");
    }

    /** Test 3 of RFC 8032, section 7.1. */
    @Test
    void the_vector_of_the_standard_is_verified() throws Exception {
        HexFormat hex = HexFormat.of();
        EdwardsVerifier key =
                new EdwardsVerifier(hex.parseHex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
        byte[] signature = hex.parseHex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
        JWSHeader header = new JWSHeader(JWSAlgorithm.EdDSA);

        assertThat(key.verify(header, hex.parseHex("af82"), Base64URL.encode(signature)))
                .isTrue();
        assertThat(key.verify(header, hex.parseHex("af83"), Base64URL.encode(signature)))
                .isFalse();
    }

    @Test
    void a_document_that_is_none_is_refused() {
        assertThatThrownBy(() ->
                        new TokenVerifier(TokenRules.of(List.of(SECRET)).withJwks("{\"keys\":7}"), new ManualClock()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_opaque_key_stands_for_its_role_and_another_for_none() {
        TokenVerifier keys = new TokenVerifier(
                TokenRules.of(List.of(SECRET)).withApiKeys(Map.of("sb_publishable_x", "anon")), new ManualClock());

        assertThat(keys.verify("sb_publishable_x"))
                .isInstanceOfSatisfying(
                        Verification.Accepted.class,
                        accepted -> assertThat(accepted.claims().role()).isEqualTo("anon"));
        assertThat(text(keys.verify("sb_publishable_y"))).isEqualTo("The token provided is not a valid JWT");
    }

    @Test
    void claims_that_are_asked_for_have_to_be_there_and_blocked_tokens_are_not_good() throws Exception {
        JWSSigner secret = new MACSigner(Arrays.copyOf(SECRET.getBytes(StandardCharsets.UTF_8), 64));
        String token = signed(JWSAlgorithm.HS256, null, secret);
        TokenVerifier strict =
                new TokenVerifier(TokenRules.of(List.of(SECRET)).withClaims(Map.of("iss", "us")), new ManualClock());
        TokenVerifier blocking =
                new TokenVerifier(TokenRules.of(List.of(SECRET)).withBlocked(Set.of(token)), new ManualClock());

        assertThat(text(strict.verify(token))).contains("`iss`");
        assertThat(text(blocking.verify(token))).isEqualTo("Failed to validate JWT signature");
        assertThat(blocking.isAuthentic(token)).isFalse();
    }

    @Test
    void a_blocked_token_is_not_good_however_it_is_written() throws Exception {
        String token = signed(JWSAlgorithm.HS256, null, new MACSigner(SECRET));
        TokenVerifier blocking =
                new TokenVerifier(TokenRules.of(List.of(SECRET)).withBlocked(Set.of(token)), new ManualClock());
        char last = token.charAt(token.length() - 1);
        // The last character of a signature has two bits that mean nothing.
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int value = alphabet.indexOf(last);
        for (int i = value & ~3; i <= (value | 3); i++) {
            String other = token.substring(0, token.length() - 1) + alphabet.charAt(i);
            assertThat(text(blocking.verify(other))).isNotEqualTo("good");
        }
        assertThat(text(blocking.verify(token + "\n"))).isNotEqualTo("good");
    }

    @Test
    void a_token_is_good_for_as_long_as_clocks_may_differ_and_no_longer() throws Exception {
        ManualClock clock = new ManualClock();
        long now = clock.instant().getEpochSecond();
        JWSObject token = new JWSObject(
                new JWSHeader(JWSAlgorithm.HS256), new Payload("{\"role\":\"anon\",\"exp\":" + (now - 30) + "}"));
        token.sign(new MACSigner(SECRET));
        TokenRules rules = TokenRules.of(List.of(SECRET));

        assertThat(text(new TokenVerifier(rules, clock).verify(token.serialize())))
                .isNotEqualTo("good");
        assertThat(text(new TokenVerifier(rules.withSkew(java.time.Duration.ofSeconds(31)), clock)
                        .verify(token.serialize())))
                .isEqualTo("good");
        assertThat(text(new TokenVerifier(rules.withSkew(java.time.Duration.ofSeconds(30)), clock)
                        .verify(token.serialize())))
                .isNotEqualTo("good");
    }
}
