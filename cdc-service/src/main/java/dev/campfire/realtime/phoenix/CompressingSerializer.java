package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A version of the protocol as those clients get it who agreed to compression: a message is compressed once and shared like
 * every other. Safe for use by several threads, each of which has one compressor.
 */
final class CompressingSerializer implements Serializer {

    private final Serializer plain;
    private final FastThreadLocal<FrameDeflater> deflaters = new FastThreadLocal<>() {
        @Override
        protected FrameDeflater initialValue() {
            return new FrameDeflater();
        }
    };

    CompressingSerializer(Serializer plain) {
        this.plain = plain;
    }

    @Override
    public ClientMessage readText(byte[] payload, JsonReader json) throws MalformedMessageException {
        return plain.readText(payload, json);
    }

    @Override
    public ClientMessage readBinary(byte[] payload, JsonReader json) throws MalformedMessageException {
        return plain.readBinary(payload, json);
    }

    @Override
    public void write(ServerMessage message, ByteBuf out) {
        int start = out.writerIndex();
        plain.write(message, out);
        deflate(out, start);
    }

    @Override
    public FrameEncoder forTopic(String topic) {
        FrameEncoder encoder = plain.forTopic(topic);
        return new FrameEncoder() {
            @Override
            public void encode(Message message, ByteBuf out) {
                int start = out.writerIndex();
                encoder.encode(message, out);
                if (out.writerIndex() > start) {
                    deflate(out, start);
                }
            }

            @Override
            public int overhead() {
                return encoder.overhead();
            }
        };
    }

    private void deflate(ByteBuf out, int start) {
        deflaters.get().deflate(out, start);
    }
}
