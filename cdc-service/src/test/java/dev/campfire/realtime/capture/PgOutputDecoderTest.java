package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The layouts of "Logical Replication Message Formats", written out byte by byte. */
final class PgOutputDecoderTest {

    private static final int TABLE = 16500;
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private final List<Change> changes = new ArrayList<>();
    private final List<Long> commits = new ArrayList<>();
    private final PgOutputDecoder decoder = new PgOutputDecoder(7, new KnownTypes());

    @Test
    void numbers_the_changes_of_a_transaction_behind_its_commit_lsn() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(insert("1", "a"));
        decode(insert("2", "b"));
        decode(commit(0x500, 0x530));

        assertThat(changes)
                .extracting(Change::id)
                .containsExactly(new ChangeId(7, 0x500, 0), new ChangeId(7, 0x500, 1));
        assertThat(changes).extracting(Change::transactionId).containsOnly(42L);
        assertThat(commits).containsExactly(0x530L);
        assertThat(decoder.inTransaction()).isFalse();
    }

    @Test
    void counts_anew_in_the_next_transaction() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(insert("1", "a"));
        decode(commit(0x500, 0x530));
        decode(begin(0x600, 41));
        decode(insert("2", "b"));

        assertThat(changes.getLast().id()).isEqualTo(new ChangeId(7, 0x600, 0));
        assertThat(changes.getLast().transactionId()).isEqualTo(41);
    }

    @Test
    void reads_the_commit_time_in_microseconds_since_2000() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(insert("1", "a"));

        assertThat(changes.getFirst().commitTime()).isEqualTo(Instant.parse("2000-01-01T00:00:01.000002Z"));
    }

    @Test
    void keeps_the_text_of_values_and_tells_null_from_empty() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(insert("1", ""));
        decode(new Message('I')
                .int32(TABLE)
                .int8('N')
                .int16(2)
                .value("2")
                .int8('n')
                .build());

        assertThat(changes.get(0).after().text(1)).isEmpty();
        assertThat(changes.get(1).after().isNull(1)).isTrue();
        assertThat(changes.get(1).after().text(1)).isNull();
    }

    @Test
    void fills_a_large_value_that_an_update_left_alone_from_the_old_image() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(new Message('U')
                .int32(TABLE)
                .int8('O')
                .int16(2)
                .value("1")
                .value("large")
                .int8('N')
                .int16(2)
                .value("9")
                .int8('u')
                .build());

        Change update = changes.getFirst();
        assertThat(update.after().text(0)).isEqualTo("9");
        assertThat(update.after().text(1)).isEqualTo("large");
        assertThat(update.hasWholeOldRow()).isTrue();
    }

    @Test
    void says_that_a_large_value_is_not_known_without_an_old_image() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('d'));
        decode(new Message('U')
                .int32(TABLE)
                .int8('N')
                .int16(2)
                .value("1")
                .int8('u')
                .build());

        Change update = changes.getFirst();
        assertThat(update.before()).isNull();
        assertThat(update.after().isUnchanged(1)).isTrue();
    }

    @Test
    void trusts_only_the_key_of_an_old_image_that_holds_the_key() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('d'));
        decode(new Message('D')
                .int32(TABLE)
                .int8('K')
                .int16(2)
                .value("1")
                .int8('n')
                .build());

        Row before = changes.getFirst().before();
        assertThat(before.text(0)).isEqualTo("1");
        assertThat(before.isNull(1)).isFalse();
        assertThat(before.isUnchanged(1)).isTrue();
    }

    @Test
    void describes_the_table_with_its_types_and_its_primary_key() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(insert("1", "a"));

        Relation relation = changes.getFirst().relation();
        assertThat(relation.schema()).isEqualTo("public");
        assertThat(relation.table()).isEqualTo("Odd Name");
        assertThat(relation.replicaIdentity()).isEqualTo(Relation.ReplicaIdentity.FULL);
        assertThat(relation.columns()).extracting(Column::inPrimaryKey).containsExactly(true, false);
        assertThat(relation.columns()).extracting(Column::inReplicaIdentity).containsExactly(true, true);
        assertThat(relation.columns())
                .extracting(column -> column.type().name())
                .containsExactly("int4", "text");
    }

    @Test
    void yields_a_truncation_for_each_table() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(new Message('T').int32(2).int8(0).int32(TABLE).int32(TABLE).build());

        assertThat(changes).extracting(Change::operation).containsExactly(Operation.TRUNCATE, Operation.TRUNCATE);
        assertThat(changes).extracting(change -> change.id().index()).containsExactly(0, 1);
    }

    @Test
    void numbers_a_transactional_message_with_the_changes_around_it() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        decode(insert("1", "a"));
        decode(message(1, 0x4f0));

        Change message = changes.getLast();
        assertThat(message.operation()).isEqualTo(Operation.MESSAGE);
        assertThat(message.id()).isEqualTo(new ChangeId(7, 0x500, 1));
        assertThat(message.message().prefix()).isEqualTo("p");
        assertThat(message.message().content()).isEqualTo(KEY);
    }

    @Test
    void places_a_message_outside_transactions_by_its_own_lsn() throws Exception {
        decode(message(0, 0x4f0));

        assertThat(changes.getFirst().id()).isEqualTo(new ChangeId(7, 0x4f0, 0));
    }

    @Test
    void refuses_a_message_kind_that_the_protocol_does_not_have() {
        assertThatThrownBy(() -> decode(new Message('?').build()))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void refuses_a_change_of_a_table_that_was_not_described() throws Exception {
        decode(begin(0x500, 42));

        assertThatThrownBy(() -> decode(insert("1", "a"))).isInstanceOf(CaptureException.class);
    }

    @Test
    void refuses_a_value_that_reaches_beyond_its_message() throws Exception {
        decode(begin(0x500, 42));
        decode(relation('f'));
        byte[] message = insert("1", "abc").array().clone();

        assertThatThrownBy(() -> decode(ByteBuffer.wrap(message, 0, message.length - 2)))
                .isInstanceOf(CaptureException.class);
    }

    private void decode(ByteBuffer message) throws Exception {
        decoder.decode(message, new PgOutputDecoder.Output() {
            @Override
            public void change(Change change) {
                changes.add(change);
            }

            @Override
            public void committed(long endLsn) {
                commits.add(endLsn);
            }
        });
    }

    private static ByteBuffer begin(long commitLsn, int transaction) {
        return new Message('B')
                .int64(commitLsn)
                .int64(1_000_002)
                .int32(transaction)
                .build();
    }

    private static ByteBuffer commit(long lsn, long end) {
        return new Message('C').int8(0).int64(lsn).int64(end).int64(1_000_002).build();
    }

    private static ByteBuffer relation(char identity) {
        return new Message('R')
                .int32(TABLE)
                .text("public")
                .text("Odd Name")
                .int8(identity)
                .int16(2)
                .int8(1)
                .text("id")
                .int32(23)
                .int32(-1)
                .int8(identity == 'f' ? 1 : 0)
                .text("content")
                .int32(25)
                .int32(-1)
                .build();
    }

    private static ByteBuffer insert(String id, String content) {
        return new Message('I')
                .int32(TABLE)
                .int8('N')
                .int16(2)
                .value(id)
                .value(content)
                .build();
    }

    private static ByteBuffer message(int flags, long lsn) {
        return new Message('M')
                .int8(flags)
                .int64(lsn)
                .text("p")
                .int32(1)
                .bytes(KEY)
                .build();
    }

    private static final class KnownTypes implements CatalogReader {
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

    private static final class Message {
        private final ByteBuffer bytes = ByteBuffer.allocate(1024);

        Message(char kind) {
            bytes.put((byte) kind);
        }

        Message int8(int value) {
            bytes.put((byte) value);
            return this;
        }

        Message int16(int value) {
            bytes.putShort((short) value);
            return this;
        }

        Message int32(int value) {
            bytes.putInt(value);
            return this;
        }

        Message int64(long value) {
            bytes.putLong(value);
            return this;
        }

        Message bytes(byte[] value) {
            bytes.put(value);
            return this;
        }

        Message text(String value) {
            return bytes(value.getBytes(StandardCharsets.UTF_8)).int8(0);
        }

        Message value(String value) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            return int8('t').int32(text.length).bytes(text);
        }

        ByteBuffer build() {
            byte[] message = new byte[bytes.position()];
            bytes.flip().get(message);
            return ByteBuffer.wrap(message);
        }
    }
}
