package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.campfire.realtime.identity.Claims;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller's own name for one call, so that saying it again does nothing again. What is kept of it are digests.
 *
 * @param id of the caller, the operation and the key
 * @param fingerprint of the body, whatever the order of its fields
 */
public record IdempotencyKey(byte[] id, byte[] fingerprint) {

    /** A string of a structured header, or the same without its quotes. */
    private static final Pattern HEADER =
            Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255})\"|([!#-~]{1,255})");

    /** What changes when a token is renewed. */
    private static final Set<String> OF_THE_TOKEN = Set.of("exp", "iat", "nbf", "jti");

    private static final JsonMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    /** The key of a call; null when the header is none. */
    public static @Nullable IdempotencyKey of(String header, Participant caller, String operation, JsonNode body) {
        Matcher matcher = HEADER.matcher(header.strip());
        if (!matcher.matches()) {
            return null;
        }
        String key = matcher.group(1) != null ? matcher.group(1).replaceAll("\\\\(.)", "$1") : matcher.group(2);
        String id = operation + "\n" + name(caller.claims()) + "\n" + key;
        try {
            return new IdempotencyKey(digest(id), digest(SORTED.writeValueAsString(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }

    /** Those whose tokens name nobody are told apart by what else their tokens say. */
    private static String name(Claims claims) {
        if (claims.subject() != null) {
            return claims.role() + "\n" + claims.all().get("iss") + "\n" + claims.subject();
        }
        TreeMap<String, @Nullable Object> rest = new TreeMap<>(claims.all());
        rest.keySet().removeAll(OF_THE_TOKEN);
        return claims.role() + "\n" + rest;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
