package dev.campfire.realtime.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are good.
 *
 * @param secrets what they may be signed with: the current one first, then one that is phased in or out
 * @param jwks further keys, a JWKS document; null when there are none
 * @param claims claims that have to have these values
 * @param blocked tokens that are not good any more, whatever they say
 * @param apiKeys opaque keys that stand for a token of a role
 */
public record TokenRules(
        List<String> secrets,
        @Nullable String jwks,
        Map<String, String> claims,
        Set<String> blocked,
        Map<String, String> apiKeys) {

    public TokenRules {
        secrets = List.copyOf(secrets);
        claims = Map.copyOf(claims);
        blocked = Set.copyOf(blocked);
        apiKeys = Map.copyOf(apiKeys);
    }

    /** Tokens that are signed with one of these, and nothing else. */
    public static TokenRules of(List<String> secrets) {
        return new TokenRules(secrets, null, Map.of(), Set.of(), Map.of());
    }

    /** Names how many of each there are, and none of them. */
    @Override
    public String toString() {
        return "TokenRules[" + secrets.size() + " secrets, " + (jwks == null ? "no" : "a") + " JWKS, claims "
                + claims.keySet() + ", " + apiKeys.size() + " API keys]";
    }
}
