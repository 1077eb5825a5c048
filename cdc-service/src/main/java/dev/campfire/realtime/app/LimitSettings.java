package dev.campfire.realtime.app;

import dev.campfire.realtime.limits.TenantLimits;
import java.time.Duration;

/**
 * Reads the limits. Those of Supabase's container are kept where they are set; where not, its defaults do not apply: they
 * are those of a tenant that shares a machine with others.
 */
final class LimitSettings {

    private LimitSettings() {}

    static TenantLimits read(Environment environment) {
        TenantLimits defaults = TenantLimits.DEFAULT;
        return new TenantLimits(
                number(environment, "TENANT_MAX_CONCURRENT_USERS", defaults.connectedUsers()),
                number(environment, "TENANT_MAX_CHANNELS_PER_CLIENT", defaults.channelsPerSocket()),
                number(environment, "TENANT_MAX_JOINS_PER_SECOND", defaults.joinsPerSecond()),
                number(environment, "TENANT_MAX_EVENTS_PER_SECOND", defaults.eventsPerSecond()),
                number(environment, "CAMPFIRE_MAX_PRESENCE_EVENTS_PER_SECOND", defaults.presenceEventsPerSecond()),
                number(environment, "CLIENT_PRESENCE_MAX_CALLS", defaults.presenceCalls()),
                Duration.ofMillis(number(environment, "CLIENT_PRESENCE_WINDOW_MS", (int)
                        defaults.presenceWindow().toMillis())),
                number(environment, "CAMPFIRE_MAX_PRESENCE_KEYS", defaults.presenceKeys()),
                environment.size("CAMPFIRE_MAX_BYTES_PER_SECOND", defaults.bytesPerSecond()),
                size(environment, "CAMPFIRE_MAX_PAYLOAD", defaults.payload()),
                size(environment, "CAMPFIRE_MAX_RECORD", defaults.recordBytes()),
                environment.flag("CAMPFIRE_PRIVATE_ONLY", defaults.isPrivateOnly()),
                false);
    }

    private static int number(Environment environment, String name, int otherwise) {
        return environment.number(name, otherwise, 1, Integer.MAX_VALUE);
    }

    private static int size(Environment environment, String name, int otherwise) {
        return (int) Math.clamp(environment.size(name, otherwise), 1, Integer.MAX_VALUE);
    }
}
