package dev.campfire.realtime.channel;

import org.jspecify.annotations.Nullable;

/** One presence of somebody on a channel: that of one join of one socket. Told apart by identity. */
public final class PresenceMember {

    private final String key;
    private final @Nullable String user;

    /** @param key under which the member is told; several members may share one */
    public PresenceMember(String key) {
        this(key, null);
    }

    /** @param user whom the member's token names; null when it names nobody */
    public PresenceMember(String key, @Nullable String user) {
        this.key = key;
        this.user = user;
    }

    public String key() {
        return key;
    }

    public @Nullable String user() {
        return user;
    }
}
