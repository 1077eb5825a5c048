package dev.campfire.realtime.capture;

import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the messages of the {@code pgoutput} plugin, protocol version 1 ("Logical Replication Message Formats" in
 * Postgres's documentation), and numbers the changes of each transaction.
 *
 * <p>Values stay as Postgres wrote them; a {@link Row} refers to the message's own array, which therefore must not be
 * reused. One decoder belongs to one stream and one thread.
 */
final class PgOutputDecoder {

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final byte[] NOTHING = {};

    private final int history;
    private final CatalogReader catalog;
    private final Map<Integer, Relation> relations = new HashMap<>();

    private boolean inTransaction;
    private long commitLsn;
    private long transactionId;
    private int nextIndex;
    private Instant commitTime = POSTGRES_EPOCH;

    PgOutputDecoder(int history, CatalogReader catalog) {
        this.history = history;
        this.catalog = catalog;
    }

    /** Takes what a message says. Called on the decoding thread, in the order of the stream. */
    interface Output {

        void change(Change change) throws InterruptedException;

        /** A transaction is whole; its commit record ends at this LSN. */
        void committed(long endLsn) throws InterruptedException;
    }

    /** Whether a transaction has begun whose end has not come yet. */
    boolean inTransaction() {
        return inTransaction;
    }

    /**
     * Decodes one message.
     *
     * @param message between position and limit, backed by an array that is left alone from now on
     * @throws CaptureException when the message is not what the protocol says: the stream can't be trusted any more
     */
    void decode(ByteBuffer message, Output output) throws CaptureException, SQLException, InterruptedException {
        Decoded decoded;
        try {
            decoded = read(message);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw corrupt("a message that ends too early");
        }
        for (Change change : decoded.changes()) {
            output.change(change);
        }
        if (decoded.endsTransaction()) {
            output.committed(decoded.endLsn());
        }
    }

    /** What a message says: it is read whole before anybody is told of it. */
    private record Decoded(List<Change> changes, boolean endsTransaction, long endLsn) {
        static final Decoded NOTHING = new Decoded(List.of(), false, 0);

        static Decoded of(Change change) {
            return new Decoded(List.of(change), false, 0);
        }
    }

    private Decoded read(ByteBuffer message) throws CaptureException, SQLException {
        byte kind = message.get();
        return switch (kind) {
            case 'B' -> begin(message);
            case 'C' -> commit(message);
            case 'R' -> relation(message);
            case 'I' -> Decoded.of(insert(message));
            case 'U' -> Decoded.of(update(message));
            case 'D' -> Decoded.of(delete(message));
            case 'T' -> truncate(message);
            case 'M' -> Decoded.of(message(message));
            // The origin of a replicated transaction, and the name of a type: the catalog knows more.
            case 'O', 'Y' -> Decoded.NOTHING;
            default -> throw corrupt("unknown message kind " + kind);
        };
    }

    private Decoded begin(ByteBuffer in) {
        commitLsn = in.getLong();
        commitTime = POSTGRES_EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
        transactionId = Integer.toUnsignedLong(in.getInt());
        nextIndex = 0;
        inTransaction = true;
        return Decoded.NOTHING;
    }

    private Decoded commit(ByteBuffer in) {
        in.get();
        in.getLong();
        long end = in.getLong();
        inTransaction = false;
        return new Decoded(List.of(), true, end);
    }

    private Decoded relation(ByteBuffer in) throws SQLException, CaptureException {
        int oid = in.getInt();
        String namespace = text(in);
        String table = text(in);
        ReplicaIdentity identity =
                switch (in.get()) {
                    case 'd' -> ReplicaIdentity.DEFAULT;
                    case 'n' -> ReplicaIdentity.NOTHING;
                    case 'f' -> ReplicaIdentity.FULL;
                    case 'i' -> ReplicaIdentity.INDEX;
                    default -> throw corrupt("unknown replica identity");
                };
        catalog.forgetUserTypes();
        Set<String> primaryKey = catalog.primaryKey(oid);
        int count = in.getShort();
        expect(count >= 0, "a table has no fewer columns than none");
        List<Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean inIdentity = (in.get() & 1) != 0;
            String name = text(in);
            PostgresType type = catalog.type(in.getInt());
            in.getInt();
            boolean inKey = primaryKey.isEmpty()
                    ? inIdentity && identity == ReplicaIdentity.DEFAULT
                    : primaryKey.contains(name);
            columns.add(new Column(name, type, inKey, inIdentity));
        }
        // The stream leaves the name of the system's own schema away.
        String schema = namespace.isEmpty() ? "pg_catalog" : namespace;
        relations.put(oid, new Relation(oid, schema, table, identity, columns));
        return Decoded.NOTHING;
    }

    private Change insert(ByteBuffer in) throws CaptureException {
        Relation relation = relationOf(in);
        expect(in.get() == 'N', "an INSERT has a new tuple");
        return change(Operation.INSERT, relation, null, tuple(in, relation, false, null));
    }

    private Change update(ByteBuffer in) throws CaptureException {
        Relation relation = relationOf(in);
        byte kind = in.get();
        Row before = null;
        if (kind == 'K' || kind == 'O') {
            before = tuple(in, relation, kind == 'K', null);
            kind = in.get();
        }
        expect(kind == 'N', "an UPDATE has a new tuple");
        return change(Operation.UPDATE, relation, before, tuple(in, relation, false, before));
    }

    private Change delete(ByteBuffer in) throws CaptureException {
        Relation relation = relationOf(in);
        byte kind = in.get();
        expect(kind == 'K' || kind == 'O', "a DELETE has an old tuple");
        return change(Operation.DELETE, relation, tuple(in, relation, kind == 'K', null), null);
    }

    private Decoded truncate(ByteBuffer in) throws CaptureException {
        int count = in.getInt();
        in.get();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(change(Operation.TRUNCATE, relationOf(in), null, null));
        }
        return new Decoded(changes, false, 0);
    }

    private Change message(ByteBuffer in) throws CaptureException {
        boolean transactional = (in.get() & 1) != 0;
        long lsn = in.getLong();
        String prefix = text(in);
        int length = in.getInt();
        expect(length >= 0 && length <= in.remaining(), "a message's content lies within it");
        byte[] content = new byte[length];
        in.get(content);
        Change.LogicalMessage message = new Change.LogicalMessage(transactional, prefix, content);
        if (transactional) {
            return new Change(nextId(), transactionId, commitTime, Operation.MESSAGE, null, null, null, message);
        }
        // It is decoded where it stands in the WAL, between transactions: its own LSN is its place.
        ChangeId id = new ChangeId(history, lsn, 0);
        return new Change(id, 0, commitTime, Operation.MESSAGE, null, null, null, message);
    }

    private Change change(Operation operation, Relation relation, @Nullable Row before, @Nullable Row after) {
        return new Change(nextId(), transactionId, commitTime, operation, relation, before, after, null);
    }

    private ChangeId nextId() {
        return new ChangeId(history, commitLsn, nextIndex++);
    }

    private Relation relationOf(ByteBuffer in) throws CaptureException {
        int oid = in.getInt();
        Relation relation = relations.get(oid);
        if (relation == null) {
            throw corrupt("a change of a table that was not described before: OID " + Integer.toUnsignedLong(oid));
        }
        return relation;
    }

    /**
     * Reads one image of a row.
     *
     * @param keyOnly the image holds the replica identity alone: what it says of other columns, always NULL, is no
     *     knowledge
     * @param fill where large values that the change left alone are taken from, when they are known there
     */
    private static Row tuple(ByteBuffer in, Relation relation, boolean keyOnly, @Nullable Row fill)
            throws CaptureException {
        int count = in.getShort();
        expect(count == relation.columns().size(), "a tuple has as many values as its table has columns");
        byte[] bytes = in.hasArray() ? in.array() : NOTHING;
        int[] starts = new int[count];
        int[] lengths = new int[count];
        boolean incomplete = false;
        for (int i = 0; i < count; i++) {
            byte kind = in.get();
            switch (kind) {
                case 't' -> {
                    int length = in.getInt();
                    expect(length >= 0 && length <= in.remaining(), "a value lies within its message");
                    starts[i] = in.arrayOffset() + in.position();
                    lengths[i] = length;
                    in.position(in.position() + length);
                }
                case 'n' ->
                    lengths[i] = keyOnly && !relation.columns().get(i).inReplicaIdentity() ? Row.UNCHANGED : Row.NULL;
                case 'u' -> {
                    lengths[i] = Row.UNCHANGED;
                    incomplete = true;
                }
                default -> throw corrupt("unknown kind of value " + kind);
            }
        }
        Row row = new Row(bytes, starts, lengths);
        return incomplete && fill != null ? row.filledFrom(fill) : row;
    }

    private static String text(ByteBuffer in) {
        int start = in.position();
        int end = start;
        while (in.get(end) != 0) {
            end++;
        }
        String text = new String(in.array(), in.arrayOffset() + start, end - start, StandardCharsets.UTF_8);
        in.position(end + 1);
        return text;
    }

    private static void expect(boolean holds, String rule) throws CaptureException {
        if (!holds) {
            throw corrupt("broken rule: " + rule);
        }
    }

    private static CaptureException corrupt(String what) {
        return new CaptureException(
                CaptureException.Problem.UNAVAILABLE,
                "The replication stream is damaged: " + what,
                "The stream is opened anew from the last acknowledged transaction.",
                null);
    }
}
