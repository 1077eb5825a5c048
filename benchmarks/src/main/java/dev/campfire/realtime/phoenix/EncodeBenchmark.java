package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What writing one event of 600 bytes as a frame takes: once for all subscribers of a topic. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBenchmark {

    private static final int PAYLOAD = 600;

    /** The version of the protocol. */
    @Param({"1.0.0", "2.0.0"})
    public String vsn = "2.0.0";

    private final ByteBuf out = Unpooled.directBuffer(4 * PAYLOAD);
    private final Message message = new Message.Broadcast(
            "message:created",
            Message.Encoding.JSON,
            "abcdef000016b374d84800000000000700",
            "{\"id\":\"abcdef000016b374d84800000000000700\"}".getBytes(StandardCharsets.US_ASCII),
            ("{\"record\":\"" + "x".repeat(PAYLOAD - 13) + "\"}").getBytes(StandardCharsets.US_ASCII),
            null);
    private FrameEncoder encoder = ProtocolVersion.V2.serializer().forTopic("realtime:bench");

    @Setup
    public void choose() {
        encoder = ProtocolVersion.of(vsn)
                .orElseThrow()
                .serializer()
                .forTopic(
                        "realtime:org:b5e80170-004c-4e82-a88c-3e2166b169dd:conv:48eedfba-2568-4231-bb38-2ce20420900d");
    }

    @Benchmark
    public int encode() {
        out.clear();
        encoder.encode(message, out);
        return out.writerIndex();
    }
}
