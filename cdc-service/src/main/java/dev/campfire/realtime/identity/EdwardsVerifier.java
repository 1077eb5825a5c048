package dev.campfire.realtime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Set;

/** Checks Ed25519 signatures with what the JDK has; nimbus-jose-jwt itself would need another library for them. */
final class EdwardsVerifier implements JWSVerifier {

    private static final int KEY_LENGTH = 32;
    private static final String ALGORITHM = "Ed25519";

    private final PublicKey key;
    private final JCAContext context = new JCAContext();

    /** @param encoded the point of RFC 8032: its y, little-endian, with the sign of x in the last bit */
    EdwardsVerifier(byte[] encoded) throws JOSEException {
        if (encoded.length != KEY_LENGTH) {
            throw new JOSEException("an Ed25519 key has 32 bytes");
        }
        byte[] y = new byte[KEY_LENGTH];
        for (int i = 0; i < KEY_LENGTH; i++) {
            y[i] = encoded[KEY_LENGTH - 1 - i];
        }
        boolean isXOdd = (y[0] & 0x80) != 0;
        y[0] &= 0x7F;
        try {
            this.key = KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new EdECPublicKeySpec(
                            NamedParameterSpec.ED25519, new EdECPoint(isXOdd, new BigInteger(1, y))));
        } catch (GeneralSecurityException e) {
            throw new JOSEException("not an Ed25519 key", e);
        }
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature.decode());
        } catch (GeneralSecurityException e) {
            // A signature of another length, for example: as good as a wrong one.
            return false;
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }
}
