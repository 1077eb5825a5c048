package dev.campfire.realtime.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Mints tokens by hand, good ones and every kind of bad one. */
public final class Tokens {

    /** The secret of Supabase's local development. */
    public static final String SECRET = "super-secret-jwt-token-with-at-least-32-characters-long";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Tokens() {}

    /** What a widget's visitor carries. */
    public static String anon() {
        return ofRole("anon", Duration.ofHours(1));
    }

    /** What a signed-in agent carries. */
    public static String authenticated(String subject) {
        return signed(Map.of("role", "authenticated", "sub", subject, "exp", in(Duration.ofHours(1))));
    }

    /** A token of a role that is good for so long; a negative time has passed. */
    public static String ofRole(String role, Duration timeToLive) {
        return signed(Map.of("role", role, "exp", in(timeToLive)));
    }

    /** A token with these claims, signed as the service expects it. */
    public static String signed(Map<String, Object> claims) {
        return signed(claims, SECRET);
    }

    public static String signed(Map<String, Object> claims, String secret) {
        try {
            String head = encode(Map.of("alg", "HS256", "typ", "JWT")) + "." + encode(new LinkedHashMap<>(claims));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return head + "." + BASE64.encodeToString(mac.doFinal(head.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A moment from now, as the claim {@code exp} counts. */
    public static long in(Duration time) {
        return Instant.now().plus(time).getEpochSecond();
    }

    private static String encode(Map<String, Object> object) {
        try {
            return BASE64.encodeToString(JSON.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
