package dev.campfire.realtime.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.PlainObject;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells good tokens from others, by the rules of Supabase Realtime: signed with HS256, HS384 or HS512 and a secret of
 * ours, or with a key of a JWKS document, with a {@code role} and an {@code exp} that lies ahead; {@code iat}, when there, is a number. Issuer, audience
 * and {@code nbf} are not looked at.
 *
 * <p>Safe for use by several threads; costs some microseconds and never blocks.
 */
public final class TokenVerifier implements AutoCloseable {

    /** Longer texts are refused unread; tokens with generous claims have a few kilobytes. */
    private static final int MAX_LENGTH = 64 * 1024;

    private static final int MAX_KEY_ID_LENGTH = 256;
    /** The year 9999 and a little: what JSON and Postgres can write as a time, and far from any overflow. */
    private static final double LATEST = 3e11;

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> CLAIMS = new TypeReference<>() {};

    private final VerificationKeys keys;
    private final Map<String, String> claims;
    private final Set<String> blocked;
    private final Duration skew;
    private final ApiKeys apiKeys;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws IllegalArgumentException when the rules' JWKS can't be used */
    public TokenVerifier(TokenRules rules, InstantSource clock) {
        this(keys(rules), rules, clock);
    }

    /** @param secrets the secrets that tokens may be signed with */
    public TokenVerifier(List<String> secrets, InstantSource clock) {
        this(TokenRules.of(secrets), clock);
    }

    private TokenVerifier(VerificationKeys keys, TokenRules rules, InstantSource clock) {
        this.keys = keys;
        this.claims = rules.claims();
        this.blocked = rules.blocked().stream().map(TokenVerifier::signedPart).collect(Collectors.toUnmodifiableSet());
        this.skew = rules.skew();
        this.apiKeys = new ApiKeys(rules.apiKeys());
        this.clock = clock;
    }

    private static VerificationKeys keys(TokenRules rules) {
        SharedSecrets secrets = new SharedSecrets(rules.secrets());
        VerificationKeys keys = secrets;
        if (rules.jwks() != null) {
            try {
                keys = new KeyRing(secrets, rules.jwks());
            } catch (ParseException e) {
                throw new IllegalArgumentException("not a JWKS document", e);
            }
        }
        return rules.jwksUrl() == null ? keys : new RemoteKeys(rules.jwksUrl(), secrets, keys);
    }

    /** Begins to fetch keys, where the rules say that some are to be fetched. */
    public void start() {
        if (keys instanceof RemoteKeys remote) {
            remote.start();
        }
    }

    /** Fetches no more keys; those that are known stay good. */
    @Override
    public void close() {
        if (keys instanceof RemoteKeys remote) {
            remote.close();
        }
    }

    /** Looks at a token as it was received: escaped or with line breaks, if need be. */
    public Verification verify(String raw) {
        if (raw.length() > MAX_LENGTH) {
            return new Verification.Refused(new Rejection.Malformed());
        }
        Claims ofKey = apiKeys.claims(raw);
        if (ofKey != null) {
            return new Verification.Accepted(ofKey);
        }
        String text = TokenText.clean(raw);
        if (isBlocked(text)) {
            return new Verification.Refused(new Rejection.BadSignature());
        }
        JWSObject token;
        try {
            token = JWSObject.parse(text);
        } catch (ParseException | IllegalArgumentException e) {
            return new Verification.Refused(unsigned(raw));
        }
        Rejection unproven = checkSignature(token);
        return unproven != null
                ? new Verification.Refused(unproven)
                : checkClaims(token.getPayload().toString());
    }

    /** Whether a token was signed with a key of ours and has not ended; it need not say anything else. */
    public boolean isAuthentic(String raw) {
        return isAuthentic(raw, Set.of());
    }

    /**
     * The same, but not for tokens of some roles.
     *
     * @param refused roles whose tokens are not good enough, such as those that every visitor of a web page has
     */
    public boolean isAuthentic(String raw, Set<String> refused) {
        String text = raw.length() > MAX_LENGTH ? "" : TokenText.clean(raw);
        if (isBlocked(text)) {
            return false;
        }
        try {
            JWSObject token = JWSObject.parse(text);
            if (checkSignature(token) != null) {
                return false;
            }
            Map<String, @Nullable Object> claims =
                    json.readValue(token.getPayload().toString(), CLAIMS);
            Object exp = claims == null ? null : claims.get("exp");
            Instant expiresAt = instant(exp);
            boolean isOfRefused = claims != null && claims.get("role") instanceof String role && refused.contains(role);
            return !isOfRefused && (exp == null || expiresAt != null && expired(expiresAt) == null);
        } catch (ParseException | JsonProcessingException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isBlocked(String text) {
        return !blocked.isEmpty() && blocked.contains(signedPart(text));
    }

    /** The signature itself can be written in several ways, what it signs in one only. */
    private static String signedPart(String token) {
        int end = token.lastIndexOf('.');
        return end < 0 ? token : token.substring(0, end);
    }

    /** A token that says "alg": "none" is well formed but has no signature to check; all else that fails is no token. */
    private static Rejection unsigned(String raw) {
        try {
            PlainObject.parse(TokenText.clean(raw));
            return new Rejection.NoSigner(null);
        } catch (ParseException | IllegalArgumentException e) {
            return new Rejection.Malformed();
        }
    }

    private @Nullable Rejection checkSignature(JWSObject token) {
        JWSHeader header = token.getHeader();
        List<JWSVerifier> candidates = keys.candidates(header);
        if (candidates.isEmpty()) {
            String keyId = header.getKeyID();
            return new Rejection.NoSigner(keyId != null && keyId.length() <= MAX_KEY_ID_LENGTH ? keyId : null);
        }
        for (JWSVerifier candidate : candidates) {
            try {
                if (token.verify(candidate)) {
                    return null;
                }
            } catch (JOSEException e) {
                // A header that this key cannot serve, such as a critical extension: as good as a wrong signature.
                continue;
            }
        }
        return new Rejection.BadSignature();
    }

    private Verification checkClaims(String payload) {
        Map<String, @Nullable Object> claims;
        try {
            claims = json.readValue(payload, CLAIMS);
        } catch (JsonProcessingException e) {
            return new Verification.Refused(new Rejection.Malformed());
        }
        if (claims == null) {
            return new Verification.Refused(new Rejection.Malformed());
        }
        Object exp = claims.get("exp");
        if (exp == null) {
            return new Verification.Refused(new Rejection.MissingClaims());
        }
        Instant expiresAt = instant(exp);
        if (expiresAt == null) {
            return new Verification.Refused(new Rejection.BadExpiration());
        }
        Rejection expired = expired(expiresAt);
        if (expired != null) {
            return new Verification.Refused(expired);
        }
        if (claims.get("iat") != null && !(claims.get("iat") instanceof Number)) {
            return new Verification.Refused(new Rejection.Malformed());
        }
        if (!(claims.get("role") instanceof String role)) {
            return new Verification.Refused(new Rejection.MissingClaims());
        }
        for (Map.Entry<String, String> wanted : this.claims.entrySet()) {
            if (!wanted.getValue().equals(String.valueOf(claims.get(wanted.getKey())))) {
                return new Verification.Refused(new Rejection.WrongClaim(wanted.getKey()));
            }
        }
        String subject = claims.get("sub") instanceof String sub ? sub : null;
        return new Verification.Accepted(
                new Claims(role, expiresAt, subject, Collections.unmodifiableMap(claims), payload));
    }

    /** Whether a token that ends then has ended by now. */
    public @Nullable Rejection expired(Instant expiresAt) {
        Duration since = Duration.between(expiresAt, clock.instant());
        return since.isNegative() ? null : new Rejection.Expired(since.toSeconds());
    }

    /** When a token is not good any more. Seconds since 1970, rounded when there is a fraction; null for what is no time. */
    private @Nullable Instant instant(@Nullable Object exp) {
        if (!(exp instanceof Number number)) {
            return null;
        }
        double seconds = number.doubleValue();
        return Math.abs(seconds) <= LATEST
                ? Instant.ofEpochSecond(Math.round(seconds)).plus(skew)
                : null;
    }
}
