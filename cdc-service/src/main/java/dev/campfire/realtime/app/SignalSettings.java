package dev.campfire.realtime.app;

import java.time.Duration;

/**
 * How what is told and forgotten is told, and by what names.
 *
 * @param speaksLegacy whether typing is also told in the words from before the standard
 * @param presenceGrace how long somebody is waited for whose connection broke, before they count as gone
 * @param isStrict whether names that are not the standard's are refused in its own spaces
 */
record SignalSettings(boolean speaksLegacy, Duration presenceGrace, boolean isStrict) {

    static final SignalSettings DEFAULT = new SignalSettings(false, Duration.ofSeconds(3), false);

    private static final Duration LONGEST_GRACE = Duration.ofMinutes(5);

    static SignalSettings read(Environment environment) {
        Duration grace = environment.duration("CAMPFIRE_PRESENCE_GRACE", DEFAULT.presenceGrace);
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            environment.problem("CAMPFIRE_PRESENCE_GRACE has to be between 0s and 5m");
        }
        return new SignalSettings(
                environment.flag("CAMPFIRE_LEGACY_TYPING", DEFAULT.speaksLegacy),
                grace,
                environment.flag("CAMPFIRE_STRICT", DEFAULT.isStrict));
    }
}
