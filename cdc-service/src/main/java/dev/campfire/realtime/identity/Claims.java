package dev.campfire.realtime.identity;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says. Immutable.
 *
 * @param role the Postgres role that its holder acts as
 * @param expiresAt when it ends: at this instant it is no longer valid
 * @param subject whom it was made for, usually a user's id; null when it names nobody, as anon keys do
 * @param all every claim, by name
 * @param json the claims exactly as they were signed, for {@code request.jwt.claims}
 */
public record Claims(
        String role, Instant expiresAt, @Nullable String subject, Map<String, @Nullable Object> all, String json) {

    /** What was signed says it all. */
    @Override
    public int hashCode() {
        return json.hashCode();
    }

    /** Leaves the claims out: they may name people. */
    @Override
    public String toString() {
        return "Claims[role=" + role + ", expiresAt=" + expiresAt + "]";
    }
}
