package dev.campfire.realtime.access;

import dev.campfire.realtime.identity.Claims;

/**
 * Somebody whom row-level security judges: viewers with equal roles and claims see the same rows.
 *
 * @param role the Postgres role
 * @param claims the claims as a JSON object, for {@code request.jwt.claims}
 */
public record Viewer(String role, String claims) {

    public static Viewer of(Claims claims) {
        return new Viewer(claims.role(), claims.json());
    }

    /** Written out: what Java makes of a record it assembles at the first join of each start. */
    @Override
    public int hashCode() {
        return 31 * role.hashCode() + claims.hashCode();
    }

    /** Leaves the claims out: they may name people. */
    @Override
    public String toString() {
        return "Viewer[role=" + role + "]";
    }
}
