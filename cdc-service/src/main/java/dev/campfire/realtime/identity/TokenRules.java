package dev.campfire.realtime.identity;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are good.
 *
 * @param secrets what they may be signed with: the current one first, then one that is phased in or out
 * @param jwks further keys, a JWKS document; null when there are none
 * @param jwksUrl where a document with further keys is fetched; null for nowhere
 * @param claims claims that have to have these values
 * @param blocked tokens that are not good any more, whatever they say
 * @param skew how long after its end a token is still good, because clocks differ
 * @param apiKeys opaque keys that stand for a token of a role
 */
public record TokenRules(
        List<String> secrets,
        @Nullable String jwks,
        @Nullable URI jwksUrl,
        Map<String, String> claims,
        Set<String> blocked,
        Duration skew,
        Map<String, String> apiKeys) {

    public TokenRules {
        secrets = List.copyOf(secrets);
        claims = Map.copyOf(claims);
        blocked = Set.copyOf(blocked);
        apiKeys = Map.copyOf(apiKeys);
    }

    /** Tokens that are signed with one of these, and nothing else. */
    public static TokenRules of(List<String> secrets) {
        return new TokenRules(secrets, null, null, Map.of(), Set.of(), Duration.ZERO, Map.of());
    }

    /** Whether keys may be fetched from there: over TLS, or within one's own network. */
    public static boolean isTrustworthy(URI source) {
        return RemoteKeys.isTrustworthy(source);
    }

    /** The same rules with a JWKS document. */
    public TokenRules withJwks(String document) {
        return new TokenRules(secrets, document, jwksUrl, claims, blocked, skew, apiKeys);
    }

    /** The same rules with claims that have to have these values. */
    TokenRules withClaims(Map<String, String> wanted) {
        return new TokenRules(secrets, jwks, jwksUrl, wanted, blocked, skew, apiKeys);
    }

    /** The same rules, by which these tokens are not good. */
    public TokenRules withBlocked(Set<String> tokens) {
        return new TokenRules(secrets, jwks, jwksUrl, claims, tokens, skew, apiKeys);
    }

    /** The same rules with opaque keys. */
    TokenRules withApiKeys(Map<String, String> keys) {
        return new TokenRules(secrets, jwks, jwksUrl, claims, blocked, skew, keys);
    }

    /** The same rules with a tolerance for clocks that differ. */
    TokenRules withSkew(Duration tolerance) {
        return new TokenRules(secrets, jwks, jwksUrl, claims, blocked, tolerance, apiKeys);
    }

    /** Names how many of each there are, and none of them. */
    @Override
    public String toString() {
        return "TokenRules[" + secrets.size() + " secrets, " + (jwks == null ? "no" : "a") + " JWKS, claims "
                + claims.keySet() + ", " + apiKeys.size() + " API keys]";
    }
}
