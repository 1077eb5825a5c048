package dev.campfire.realtime.app;

import java.util.Map;

/** The JWT secret of the demo: the one that Supabase's local development uses, so that its keys and tools fit. */
final class DemoSecret {

    static final String VALUE = "super-secret-jwt-token-with-at-least-32-characters-long";

    private DemoSecret() {}

    /** The secret that the environment sets, or the demo's. */
    static String orFrom(Map<String, String> environment) {
        String set = environment.get("API_JWT_SECRET");
        return set == null || set.isBlank() ? VALUE : set;
    }
}
