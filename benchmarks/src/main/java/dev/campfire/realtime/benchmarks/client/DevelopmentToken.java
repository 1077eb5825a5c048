package dev.campfire.realtime.benchmarks.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;

/** Tokens for a service that the benchmark starts, with the secret of Supabase's local development. */
public final class DevelopmentToken {

    public static final String SECRET = "super-secret-jwt-token-with-at-least-32-characters-long";

    private static final Duration TIME_TO_LIVE = Duration.ofHours(12);

    private final InstantSource clock;

    public DevelopmentToken(InstantSource clock) {
        this.clock = clock;
    }

    /** What a widget's visitor carries. */
    public String anon() {
        return signed(new JWTClaimsSet.Builder().claim("role", "anon"));
    }

    /** What an administrator carries. */
    public String serviceRole() {
        return signed(new JWTClaimsSet.Builder().claim("role", "service_role"));
    }

    /** What a signed-in user carries. */
    public String authenticated(String subject) {
        return signed(new JWTClaimsSet.Builder().claim("role", "authenticated").subject(subject));
    }

    private String signed(JWTClaimsSet.Builder builder) {
        JWTClaimsSet claims = builder.expirationTime(Date.from(clock.instant().plus(TIME_TO_LIVE)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(SECRET));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
