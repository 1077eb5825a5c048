package dev.campfire.realtime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Secrets that sign with HMAC: the current one, and any that is being phased in or out. */
final class SharedSecrets implements VerificationKeys {

    /** The least that Nimbus wants for HS512, and no more than a block of any of the three hash functions. */
    private static final int PADDED_LENGTH = 64;

    private final List<JWSVerifier> verifiers;

    SharedSecrets(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("at least one secret is needed");
        }
        this.verifiers = secrets.stream()
                .map(SharedSecrets::key)
                .map(SharedSecrets::verifier)
                .toList();
    }

    /**
     * The HMAC key of a secret. RFC 2104 fills a key that is shorter than the hash function's block with zeros before it
     * is used; doing so here changes no signature, and lets one secret serve HS256, HS384 and HS512 whatever its length.
     */
    static byte[] key(String secret) {
        return key(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for a secret that is bytes. */
    static byte[] key(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("the secret is empty");
        }
        return bytes.length >= PADDED_LENGTH ? bytes : Arrays.copyOf(bytes, PADDED_LENGTH);
    }

    private static JWSVerifier verifier(byte[] key) {
        try {
            return new MACVerifier(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret cannot sign", e);
        }
    }

    @Override
    public List<JWSVerifier> candidates(JWSHeader header) {
        return JWSAlgorithm.Family.HMAC_SHA.contains(header.getAlgorithm()) ? verifiers : List.of();
    }
}
