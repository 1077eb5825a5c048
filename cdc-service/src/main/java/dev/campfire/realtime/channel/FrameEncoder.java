package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBuf;

/** Writes messages as their receivers get them. Used by one thread at a time. */
public interface FrameEncoder {

    /**
     * Appends the message as one whole websocket frame, header included: frames of a server are not masked, so all
     * receivers can have the same bytes. Appends nothing when this version of the protocol cannot carry the message.
     */
    void encode(Message message, ByteBuf out);

    /** About how many bytes a frame has besides its message. */
    int overhead();
}
