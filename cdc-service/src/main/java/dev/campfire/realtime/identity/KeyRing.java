package dev.campfire.realtime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The secrets and the keys of a JWKS document. A token with a key id is checked with the key of that name when it is of
 * the kind that the token's algorithm needs; HMAC without such a key is the secrets' own. A public key never serves HMAC,
 * whatever a token says.
 */
final class KeyRing implements VerificationKeys {

    private static final Set<String> EDWARDS = Set.of("EdDSA", "Ed25519");

    private final SharedSecrets secrets;
    private final Map<String, Key> byId;

    /** A key that is bound to one family of algorithms. */
    private record Key(Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {}

    /**
     * @param jwks a JWKS document
     * @throws ParseException when it is none, or a key in it can't be used
     */
    KeyRing(SharedSecrets secrets, String jwks) throws ParseException {
        this.secrets = secrets;
        this.byId = JWKSet.parse(jwks).getKeys().stream()
                .filter(key -> key.getKeyID() != null)
                .flatMap(KeyRing::entry)
                .collect(
                        Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first));
    }

    private static Stream<Map.Entry<String, Key>> entry(JWK jwk) {
        Key key = key(jwk);
        return key == null ? Stream.empty() : Stream.of(Map.entry(jwk.getKeyID(), key));
    }

    private static @Nullable Key key(JWK jwk) {
        try {
            return switch (jwk.getKeyType().getValue()) {
                case "oct" -> {
                    OctetSequenceKey key = jwk.toOctetSequenceKey();
                    byte[] bytes = SharedSecrets.key(key.toByteArray());
                    yield new Key(JWSAlgorithm.Family.HMAC_SHA, new MACVerifier(bytes));
                }
                case "RSA" ->
                    new Key(
                            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512),
                            new RSASSAVerifier(jwk.toRSAKey().toRSAPublicKey()));
                case "EC" -> {
                    ECDSAVerifier verifier = new ECDSAVerifier(jwk.toECKey().toECPublicKey());
                    yield new Key(verifier.supportedJWSAlgorithms(), verifier);
                }
                case "OKP" -> edwards(jwk.toOctetKeyPair());
                default -> null;
            };
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the key " + jwk.getKeyID() + " can't be used: " + e.getMessage(), e);
        }
    }

    private static @Nullable Key edwards(OctetKeyPair key) throws JOSEException {
        return key.getCurve().getName().equals("Ed25519")
                ? new Key(
                        EDWARDS.stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet()),
                        new EdwardsVerifier(key.getDecodedX()))
                : null;
    }

    @Override
    public List<JWSVerifier> candidates(JWSHeader header) {
        String id = header.getKeyID();
        Key key = id == null ? null : byId.get(id);
        if (key != null && key.algorithms().contains(header.getAlgorithm())) {
            return List.of(key.verifier());
        }
        return secrets.candidates(header);
    }
}
