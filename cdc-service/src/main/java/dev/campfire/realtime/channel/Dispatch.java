package dev.campfire.realtime.channel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message, and the bus that it goes to.
 *
 * @param only who of those who listen may get it, by what they said who they are when they joined; null for everybody.
 *     Not to be changed; messages for the same ones are written together where the sets are one object
 */
public record Dispatch(
        ChannelKey key, Message message, @Nullable Set<?> only) {

    /** A message for everybody on a bus. */
    public Dispatch(ChannelKey key, Message message) {
        this(key, message, null);
    }
}
