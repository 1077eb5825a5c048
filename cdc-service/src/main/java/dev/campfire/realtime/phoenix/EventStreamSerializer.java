package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: each message is an event of a {@code text/event-stream}, and each event a chunk of an HTTP answer, or
 * goes out as it is where the answer ends with its connection. Clients say nothing in it.
 *
 * <p>Nothing that a message holds can end a line: what is between the lines of an event is written here and nowhere else.
 */
enum EventStreamSerializer implements Serializer {
    /** For HTTP/1.1. */
    CHUNKED,
    /** For HTTP/1.0, which knows no chunks. */
    BARE;

    /** How long a client waits before it comes again, in milliseconds. */
    private static final int RETRY = 2_000;

    private static final byte[] LINE_END = utf8("\r\n");

    @Override
    public ClientMessage readText(byte[] payload, JsonReader json) throws MalformedMessageException {
        throw new MalformedMessageException(Oddity.NOT_A_MESSAGE);
    }

    @Override
    public ClientMessage readBinary(byte[] payload, JsonReader json) throws MalformedMessageException {
        throw new MalformedMessageException(Oddity.BAD_BINARY);
    }

    /** A message that is no answer becomes an event of its name, with its payload as data. */
    @Override
    public void write(ServerMessage message, ByteBuf out) {
        event(out, null, message.event(), utf8(message.payload()));
    }

    /** Appends the first event: where the client goes on, so that it can from the beginning. */
    void writeResume(@Nullable String from, String resume, ByteBuf out) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(utf8("retry: " + RETRY + "\n"));
        lines(text, from, "resume", utf8(resume));
        frame(out, text.toByteArray());
    }

    /** Appends something that clients do not get to see. */
    void writeComment(String comment, ByteBuf out) {
        frame(out, utf8(": " + onOneLine(comment) + "\n\n"));
    }

    private void event(ByteBuf out, @Nullable String id, String name, byte[] data) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(data.length + 96);
        lines(text, id, name, data);
        frame(out, text.toByteArray());
    }

    private static void lines(ByteArrayOutputStream text, @Nullable String id, String name, byte[] data) {
        if (id != null && isPlain(id)) {
            text.writeBytes(utf8("id: " + id + "\n"));
        }
        text.writeBytes(utf8("event: " + onOneLine(name) + "\ndata: "));
        text.writeBytes(EventObject.onOneLine(data));
        text.writeBytes(utf8("\n\n"));
    }

    private void frame(ByteBuf out, byte[] text) {
        if (this == BARE) {
            out.writeBytes(text);
            return;
        }
        byte[] length = Integer.toHexString(text.length).getBytes(StandardCharsets.US_ASCII);
        out.ensureWritable(text.length + length.length + 2 * LINE_END.length);
        out.writeBytes(length).writeBytes(LINE_END).writeBytes(text).writeBytes(LINE_END);
    }

    /** An id that is none of ours could not be said in a header again. */
    private static boolean isPlain(String id) {
        return !id.isEmpty() && id.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static String onOneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ').replace('\0', ' ');
    }

    @Override
    public FrameEncoder forTopic(String topic) {
        return new StreamEncoder();
    }

    /** An object that names no event is a broadcast still. */
    private static String name(byte[] broadcast) {
        String name = BroadcastName.of(broadcast);
        return name == null ? "broadcast" : name;
    }

    private final class StreamEncoder implements FrameEncoder {

        private static final int OVERHEAD = 160;

        @Override
        public void encode(Message message, ByteBuf out) {
            switch (message) {
                case Message.Broadcast broadcast -> {
                    ByteArrayOutputStream data = new ByteArrayOutputStream(broadcast.size() + OVERHEAD);
                    data.write('{');
                    EventObject.writeFields(broadcast, data);
                    data.write('}');
                    // Nobody goes on behind what is played once more.
                    String id = broadcast.position() == null ? null : broadcast.id();
                    event(out, id, broadcast.event(), data.toByteArray());
                }
                case Message.Push push -> {
                    // A client's broadcast. What it says of itself in there is not taken for an id.
                    if (push.event().equals("broadcast")) {
                        event(out, null, name(push.payload()), push.payload());
                    }
                }
            }
        }

        @Override
        public int overhead() {
            return OVERHEAD;
        }
    }
}
