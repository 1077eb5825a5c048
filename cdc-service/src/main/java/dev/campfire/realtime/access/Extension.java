package dev.campfire.realtime.access;

import java.util.Locale;

/** What of a private channel a policy speaks of: the values of {@code realtime.messages.extension}. */
public enum Extension {
    BROADCAST,
    PRESENCE;

    /** As it stands in the table. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
