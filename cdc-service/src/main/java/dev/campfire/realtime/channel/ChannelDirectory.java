package dev.campfire.realtime.channel;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Which loops have subscribers of which channel. Written when a loop's first subscriber comes and its last one goes. */
final class ChannelDirectory {

    private static final LoopHub[] NONE = {};

    private final ConcurrentMap<ChannelKey, LoopHub[]> loops = new ConcurrentHashMap<>();

    /** The loops with subscribers; not to be changed. */
    LoopHub[] loops(ChannelKey key) {
        LoopHub[] found = loops.get(key);
        return found == null ? NONE : found;
    }

    void add(ChannelKey key, LoopHub loop) {
        loops.merge(key, new LoopHub[] {loop}, (old, added) -> {
            LoopHub[] more = Arrays.copyOf(old, old.length + 1);
            more[old.length] = loop;
            return more;
        });
    }

    void remove(ChannelKey key, LoopHub loop) {
        loops.computeIfPresent(key, (same, old) -> {
            LoopHub[] fewer = Arrays.stream(old).filter(other -> other != loop).toArray(LoopHub[]::new);
            return fewer.length == 0 ? null : fewer;
        });
    }

    int size() {
        return loops.size();
    }
}
