package dev.campfire.realtime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes tokens for development and tests, signed with HS256. Safe for use by several threads. */
public final class TokenMinter {

    private final byte[] key;
    private final InstantSource clock;

    public TokenMinter(String secret, InstantSource clock) {
        this.key = SharedSecrets.key(secret);
        this.clock = clock;
    }

    /**
     * A token that is good from now on.
     *
     * @param subject the claim {@code sub}; null for a token that names nobody
     * @param extra further claims; {@code role}, {@code sub}, {@code iat} and {@code exp} are not theirs to set
     * @param lifetime how long it is good; whole seconds
     */
    public String mint(String role, @Nullable String subject, Map<String, ?> extra, Duration lifetime) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
        extra.forEach(claims::claim);
        claims.claim("role", role)
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)));
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims.build());
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the secret cannot sign", e);
        }
        return token.serialize();
    }
}
