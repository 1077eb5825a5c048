package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A format whose frames are {@code payload;}. Counts what it encodes, cannot carry raw payloads, and fails on demand. */
final class TextFormat implements FrameFormat {

    final AtomicInteger encoded = new AtomicInteger();

    @Override
    public FrameEncoder forTopic(String topic) {
        return new FrameEncoder() {
            @Override
            public void encode(Message message, ByteBuf out) {
                encoded.incrementAndGet();
                byte[] payload =
                        switch (message) {
                            case Message.Broadcast broadcast
                            when broadcast.encoding() == Message.Encoding.RAW -> new byte[0];
                            case Message.Broadcast broadcast -> broadcast.payload();
                            case Message.Push push -> push.payload();
                        };
                if (new String(payload, StandardCharsets.UTF_8).equals("fail")) {
                    throw new IllegalStateException("told to fail");
                }
                if (payload.length > 0) {
                    out.writeBytes(payload).writeByte(';');
                }
            }

            @Override
            public int overhead() {
                return 1;
            }
        };
    }
}
