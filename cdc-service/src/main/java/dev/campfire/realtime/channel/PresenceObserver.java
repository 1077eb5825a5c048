package dev.campfire.realtime.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Learns of comings and goings. Called with the channel's lock held, so each channel's changes come one after the other. */
public interface PresenceObserver {

    /** Watches nothing. */
    PresenceObserver NONE = new PresenceObserver() {
        @Override
        public boolean watches(ChannelKey key) {
            return false;
        }

        @Override
        public void changed(ChannelKey key, List<Change> changes) {}
    };

    /**
     * What has become of one member since the last diff.
     *
     * @param wasThere whether it was present in the last diff
     * @param meta what is told of it now, with its references; null when it is not present any more
     * @param isLost whether it went without a word, and may come again
     */
    record Change(PresenceMember member, boolean wasThere, byte @Nullable [] meta, boolean isLost) {}

    /** Whether it is to be told of this channel. */
    boolean watches(ChannelKey key);

    /** Those of one diff have changed. Does not block, and asks nothing of the presences. */
    void changed(ChannelKey key, List<Change> changes);
}
