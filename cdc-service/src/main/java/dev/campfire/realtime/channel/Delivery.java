package dev.campfire.realtime.channel;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to one loop's subscribers.
 *
 * @param to the channel on that loop; who joins after its last subscriber has left joins another
 * @param except the subscriptions of who sent it and is not to get it back
 * @param only who may get it, null when everybody may
 * @param subject what it is the latest of, for those who want no more than that; null for what nothing overtakes
 */
record Delivery(
        LocalChannel to,
        Message message,
        List<Subscription> except,
        @Nullable Set<?> only,
        @Nullable Object subject) {

    /** What a delivery weighs besides its message: itself, and its places in lists. */
    private static final int OWN_SIZE = 64;

    /** A delivery to everybody but its sender. */
    Delivery(LocalChannel to, Message message, List<Subscription> except) {
        this(to, message, except, null, null);
    }

    int size() {
        return message.size() + OWN_SIZE;
    }
}
