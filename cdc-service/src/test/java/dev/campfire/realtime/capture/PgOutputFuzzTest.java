package dev.campfire.realtime.capture;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Set;

/** Any bytes as messages of the stream: changes, or a stream that can't be trusted, and nothing else. */
final class PgOutputFuzzTest {

    /** Messages are cut from the input: one byte of length in front of each. */
    @FuzzTest
    void a_message_is_decoded_or_corrupt(byte[] stream) throws SQLException, InterruptedException {
        PgOutputDecoder decoder = new PgOutputDecoder(1, new TextTypes());
        PgOutputDecoder.Output output = new PgOutputDecoder.Output() {
            @Override
            public void change(Change change) {
                // What was decoded can be looked at.
                if (change.after() != null) {
                    for (int i = 0; i < change.after().size(); i++) {
                        change.after().text(i);
                    }
                }
            }

            @Override
            public void committed(long endLsn) {}
        };
        int at = 0;
        while (at < stream.length) {
            int length = Math.min(stream[at] & 0xFF, stream.length - at - 1);
            try {
                decoder.decode(ByteBuffer.wrap(stream, at + 1, length).slice(), output);
            } catch (CaptureException e) {
                return;
            }
            at += 1 + length;
        }
    }

    private static final class TextTypes implements CatalogReader {
        @Override
        public PostgresType type(int oid) {
            return PostgresType.base(oid, oid == 23 ? "int4" : "text");
        }

        @Override
        public Set<String> primaryKey(int relationOid) {
            return Set.of("id");
        }

        @Override
        public void forgetUserTypes() {}
    }
}
