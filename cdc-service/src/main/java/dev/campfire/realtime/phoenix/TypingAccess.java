package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.signals.TypingRoom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A joined topic as a place where somebody types: the room, and whether its client may write to the room's other channel.
 * Used by the socket's event loop alone.
 */
final class TypingAccess {

    private final TypingRoom room;
    private final TypingRoom.Part part;
    private final WritePermissions others;

    private TypingAccess(TypingRoom room, TypingRoom.Part part, WritePermissions others) {
        this.room = room;
        this.part = part;
        this.others = others;
    }

    /**
     * @param channel the name that the topic's client is judged by
     * @param user its client on a channel of another name
     * @return null where nobody types
     */
    static @Nullable TypingAccess of(SocketContext context, String channel, Function<String, ChannelUser> user) {
        TypingRoom room = TypingRoom.of(channel);
        if (room == null) {
            return null;
        }
        TypingRoom.Part part = room.partOf(channel);
        String other = room.name(part.other());
        boolean isAsked = context.services().protectedChannels().covers(other);
        return new TypingAccess(room, part, new WritePermissions(context, user.apply(other), isAsked));
    }

    TypingRoom room() {
        return room;
    }

    /** What of the room the topic is. */
    TypingRoom.Part part() {
        return part;
    }

    /** Whether its client may write to the other part. */
    WritePermissions others() {
        return others;
    }

    void renew(Function<String, ChannelUser> user) {
        others.renew(user.apply(room.name(part.other())));
    }
}
