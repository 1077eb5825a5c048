package dev.campfire.realtime.channel;

/** One presence of somebody on a channel: that of one join of one socket. Told apart by identity. */
public final class PresenceMember {

    private final String key;

    /** @param key under which the member is told; several members may share one */
    public PresenceMember(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
