package dev.campfire.realtime.channel;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Where a channel's subscribers are: on which loops, and there at which object. Written when a loop's first subscriber comes and its
 * last one goes.
 */
final class ChannelDirectory {

    private static final LocalChannel[] NONE = {};

    private final ConcurrentMap<ChannelKey, LocalChannel[]> channels = new ConcurrentHashMap<>();

    /** The channel on each loop with subscribers of it; not to be changed. */
    LocalChannel[] channels(ChannelKey key) {
        LocalChannel[] found = channels.get(key);
        return found == null ? NONE : found;
    }

    void add(LocalChannel channel) {
        channels.merge(channel.key(), new LocalChannel[] {channel}, (old, added) -> {
            LocalChannel[] more = Arrays.copyOf(old, old.length + 1);
            more[old.length] = channel;
            return more;
        });
    }

    void remove(LocalChannel channel) {
        channels.computeIfPresent(channel.key(), (same, old) -> {
            LocalChannel[] fewer =
                    Arrays.stream(old).filter(other -> other != channel).toArray(LocalChannel[]::new);
            return fewer.length == 0 ? null : fewer;
        });
    }

    int size() {
        return channels.size();
    }
}
