package dev.campfire.realtime.channel;

import org.jspecify.annotations.Nullable;

/**
 * A message on its way to one loop's subscribers.
 *
 * @param except who sent it and is not to get it back, null when everybody is
 */
record Delivery(ChannelKey key, Message message, @Nullable Subscription except) {

    /** What a delivery weighs besides its message: itself, and its places in lists. */
    private static final int OWN_SIZE = 64;

    int size() {
        return message.size() + OWN_SIZE;
    }
}
