package dev.campfire.realtime.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What decoding one inserted message takes, its transaction's begin and commit included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {

    private static final int TABLE = 16_500;
    private static final int TEXT = 25;
    private static final List<String> COLUMNS = List.of(
            "id", "conversation_id", "organization_id", "sender_id", "sender_type", "content", "status", "created_at");
    private static final List<String> VALUES = List.of(
            "a0000000-0000-4000-8000-000000000003",
            "48eedfba-2568-4231-bb38-2ce20420900d",
            "b5e80170-004c-4e82-a88c-3e2166b169dd",
            "a0000000-0000-4000-8000-000000000009",
            "agent",
            "Dear \"you\", ".repeat(17),
            "sent",
            "2025-11-18 22:22:40.877123+00");

    private final PgOutputDecoder decoder = new PgOutputDecoder(7, new TextOnly());
    private byte[] begin = {};
    private byte[] insert = {};
    private byte[] commit = {};

    /** A catalog in which everything is text. */
    private static final class TextOnly implements CatalogReader {
        @Override
        public PostgresType type(int oid) {
            return PostgresType.base(oid, "text");
        }

        @Override
        public Set<String> primaryKey(int relationOid) {
            return Set.of("id");
        }

        @Override
        public void forgetUserTypes() {}
    }

    /** Hands what is decoded to the benchmark's sink. */
    private record Output(Blackhole sink) implements PgOutputDecoder.Output {
        @Override
        public void change(Change change) {
            sink.consume(change);
        }

        @Override
        public void committed(long endLsn) {
            sink.consume(endLsn);
        }
    }

    /** Tells the decoder of the table. */
    @Setup
    public void describe(Blackhole sink) throws CaptureException, SQLException, InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(1024).put((byte) 'R').putInt(TABLE);
        text(text(message, "public"), "messages").put((byte) 'f').putShort((short) COLUMNS.size());
        for (String column : COLUMNS) {
            text(message.put((byte) 1), column).putInt(TEXT).putInt(-1);
        }
        begin = bytes(ByteBuffer.allocate(64)
                .put((byte) 'B')
                .putLong(0x500)
                .putLong(1_000_002)
                .putInt(42));
        commit = bytes(ByteBuffer.allocate(64)
                .put((byte) 'C')
                .put((byte) 0)
                .putLong(0x500)
                .putLong(0x530)
                .putLong(1_000_002));
        ByteBuffer row = ByteBuffer.allocate(2048)
                .put((byte) 'I')
                .putInt(TABLE)
                .put((byte) 'N')
                .putShort((short) VALUES.size());
        for (String value : VALUES) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            row.put((byte) 't').putInt(utf8.length).put(utf8);
        }
        insert = bytes(row);
        decoder.decode(message.flip(), new Output(sink));
    }

    private static ByteBuffer text(ByteBuffer message, String text) {
        return message.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.position()];
        message.flip().get(bytes);
        return bytes;
    }

    @Benchmark
    public void decode(Blackhole sink) throws CaptureException, SQLException, InterruptedException {
        Output output = new Output(sink);
        decoder.decode(ByteBuffer.wrap(begin), output);
        decoder.decode(ByteBuffer.wrap(insert), output);
        decoder.decode(ByteBuffer.wrap(commit), output);
    }
}
