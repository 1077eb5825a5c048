package dev.campfire.realtime.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opaque keys, each of which stands for a role. They are compared in a time that does not depend on them. */
final class ApiKeys {

    /** The year 9999: such a key does not end by itself. */
    private static final Instant NEVER = Instant.ofEpochSecond(253_402_300_799L);

    private final List<Key> keys = new ArrayList<>();

    private record Key(byte[] text, Claims claims) {}

    /** @param roles the roles by the keys' texts */
    ApiKeys(Map<String, String> roles) {
        roles.forEach((key, role) -> keys.add(new Key(
                key.getBytes(StandardCharsets.UTF_8),
                new Claims(role, NEVER, null, Map.of("role", role), "{\"role\":\"" + role + "\"}"))));
    }

    /** What a key stands for; null for what is none. */
    @Nullable
    Claims claims(String raw) {
        if (keys.isEmpty()) {
            return null;
        }
        byte[] text = raw.strip().getBytes(StandardCharsets.UTF_8);
        Claims found = null;
        for (Key key : keys) {
            if (MessageDigest.isEqual(key.text(), text)) {
                found = key.claims();
            }
        }
        return found;
    }
}
