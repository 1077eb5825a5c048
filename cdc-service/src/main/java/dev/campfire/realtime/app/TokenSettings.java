package dev.campfire.realtime.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.campfire.realtime.identity.TokenRules;
import dev.campfire.realtime.identity.TokenVerifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which tokens are good. Nothing that is wrong with a secret or key is told with its text. */
final class TokenSettings {

    /** What RFC 7518 asks of a key for HS256: fewer bytes than its hash has can be guessed. */
    private static final int LEAST_SECRET_BYTES = 32;

    /** Whose clock is wrong by more has to set it. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private static final JsonMapper JSON = new JsonMapper();

    private TokenSettings() {}

    static TokenRules read(Environment environment) {
        List<String> secrets = secrets(environment);
        String jwks = environment.text("API_JWT_JWKS").orElse(null);
        TokenRules rules = new TokenRules(
                secrets,
                jwks,
                jwksUrl(environment),
                claims(environment),
                list(environment, "API_TOKEN_BLOCKLIST"),
                skew(environment),
                apiKeys(environment));
        if (jwks != null && !secrets.isEmpty()) {
            try {
                new TokenVerifier(TokenRules.of(secrets).withJwks(jwks), InstantSource.system());
            } catch (IllegalArgumentException e) {
                environment.problem(
                        "API_JWT_JWKS must be a JWKS document, {\"keys\": [...]}, with keys that can be used");
            }
        }
        return rules;
    }

    /** Who may read the metrics; null when nobody may, because no secret is set. */
    static @Nullable TokenRules scrapers(Environment environment) {
        Optional<String> secret = environment.text("METRICS_JWT_SECRET");
        return secret.isEmpty()
                ? null
                : TokenRules.of(List.of(secret.get())).withBlocked(list(environment, "METRICS_TOKEN_BLOCKLIST"));
    }

    private static List<String> secrets(Environment environment) {
        Optional<String> secret = environment.text("API_JWT_SECRET");
        if (secret.isEmpty()) {
            environment.problem("API_JWT_SECRET must be set: the secret that clients' tokens are signed with"
                    + " (Supabase calls it JWT_SECRET)");
            return List.of();
        }
        List<String> secrets = new ArrayList<>();
        for (String name : List.of("API_JWT_SECRET", "API_JWT_SECRET_NEXT")) {
            environment.text(name).ifPresent(text -> {
                if (text.getBytes(StandardCharsets.UTF_8).length < LEAST_SECRET_BYTES) {
                    environment.problem(name + " is too short: it needs " + LEAST_SECRET_BYTES
                            + " characters or more, such as  openssl rand -base64 48  prints");
                }
                secrets.add(text);
            });
        }
        return secrets;
    }

    private static @Nullable URI jwksUrl(Environment environment) {
        String text = environment.text("API_JWT_JWKS_URL").orElse(null);
        if (text == null) {
            return null;
        }
        try {
            URI url = new URI(text);
            if (TokenRules.isTrustworthy(url)) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below, with what is wanted.
            text = "";
        }
        environment.problem("API_JWT_JWKS_URL must be an https:// address of a JWKS document"
                + " (http:// only on this machine, or where the host's name has no dot)");
        return null;
    }

    private static Duration skew(Environment environment) {
        Duration skew = environment.duration("CAMPFIRE_CLOCK_SKEW", Duration.ZERO);
        if (skew.compareTo(MOST_SKEW) > 0) {
            environment.problem("CAMPFIRE_CLOCK_SKEW must be " + MOST_SKEW.toMinutes() + " minutes at most");
        }
        return skew;
    }

    private static Map<String, String> claims(Environment environment) {
        Map<String, String> claims = new HashMap<>();
        environment.text("JWT_CLAIM_VALIDATORS").ifPresent(text -> {
            try {
                JsonNode json = JSON.readTree(text);
                if (json.isObject()) {
                    json.fields()
                            .forEachRemaining(claim ->
                                    claims.put(claim.getKey(), claim.getValue().asText()));
                    return;
                }
            } catch (JsonProcessingException e) {
                claims.clear();
            }
            environment.problem("JWT_CLAIM_VALIDATORS must be a JSON object of claims and their values,"
                    + " such as {\"iss\": \"https://example.org\"}");
        });
        return claims;
    }

    private static Set<String> list(Environment environment, String name) {
        Set<String> values = new LinkedHashSet<>();
        for (String value : environment.text(name, "").split(",")) {
            if (!value.isBlank()) {
                values.add(value.strip());
            }
        }
        return values;
    }

    private static Map<String, String> apiKeys(Environment environment) {
        Map<String, String> keys = new HashMap<>();
        for (String entry : list(environment, "CAMPFIRE_API_KEYS")) {
            int equals = entry.lastIndexOf('=');
            if (equals < 1 || !entry.substring(equals + 1).matches("[A-Za-z_][A-Za-z0-9_]{0,62}")) {
                environment.problem("CAMPFIRE_API_KEYS must be a list of key=role,"
                        + " such as sb_publishable_...=anon,sb_secret_...=service_role");
                return Map.of();
            }
            keys.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return keys;
    }
}
