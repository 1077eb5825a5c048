package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.FrameFormat;
import io.netty.buffer.ByteBuf;

/** One version of the protocol's messages. Safe for use by several threads. */
interface Serializer extends FrameFormat {

    /** Reads the payload of a text frame. */
    ClientMessage readText(byte[] payload, JsonReader json) throws MalformedMessageException;

    /** Reads the payload of a binary frame. */
    ClientMessage readBinary(byte[] payload, JsonReader json) throws MalformedMessageException;

    /** Appends a message to one client as a whole websocket frame. */
    void write(ServerMessage message, ByteBuf out);
}
