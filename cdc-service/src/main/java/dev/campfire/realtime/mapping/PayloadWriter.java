package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Renders what subscribers see of a change, as Supabase's {@code realtime.broadcast_changes} has it: {@code id},
 * {@code operation}, {@code schema}, {@code table}, {@code commit_timestamp}, {@code record}, {@code old_record}.
 */
final class PayloadWriter {

    private static final byte[] OPEN = ascii("{\"id\":\"");
    private static final byte[] OPERATION = ascii("\",\"operation\":\"");
    private static final byte[] TABLE = ascii("\",");
    private static final byte[] COMMIT_TIMESTAMP = ascii(",\"commit_timestamp\":\"");
    private static final byte[] RECORD = ascii("\",\"record\":");
    private static final byte[] OLD_RECORD = ascii(",\"old_record\":");
    /** Room for everything but the rows. */
    private static final int ENVELOPE = 256;

    /** Payloads up to about this size are written into a buffer that their thread keeps. */
    private static final int MOST_KEPT = 16 << 10;

    private static final ThreadLocal<JsonBuffer> KEPT = ThreadLocal.withInitial(() -> new JsonBuffer(MOST_KEPT));

    private final Change change;
    private final Relation relation;
    private final RowJson.Choice shown;
    private final boolean showsOld;

    PayloadWriter(Change change, Relation relation) {
        this(change, relation, RowJson.Columns.ALL, true);
    }

    /**
     * @param shown the columns that may be shown at all
     * @param showsOld whether the old image may be, beyond a key that is the new image's as well
     */
    PayloadWriter(Change change, Relation relation, RowJson.Choice shown, boolean showsOld) {
        this.change = change;
        this.relation = relation;
        this.shown = shown;
        this.showsOld = showsOld;
    }

    /** The change as it was. */
    Payload asIs() {
        JsonBuffer out = open(change.operation());
        writeRow(out, change.after(), RowJson.Columns.ALL);
        out.raw(OLD_RECORD);
        writeOldRecord(out);
        return close(out, RowPayload.Form.AS_IS);
    }

    /** What is left behind by a row that moves away: a DELETE of which the key alone is told, nothing of the new row. */
    Payload asDeparture() {
        JsonBuffer out = open(Operation.DELETE);
        out.nullValue();
        out.raw(OLD_RECORD);
        writeRow(out, change.before(), RowJson.Columns.PRIMARY_KEY);
        return close(out, RowPayload.Form.DEPARTURE);
    }

    /** What is seen where a moved row arrives: an INSERT, nothing of the old row. */
    Payload asArrival() {
        JsonBuffer out = open(Operation.INSERT);
        writeRow(out, change.after(), RowJson.Columns.ALL);
        out.raw(OLD_RECORD);
        out.nullValue();
        return close(out, RowPayload.Form.ARRIVAL);
    }

    private JsonBuffer open(Operation operation) {
        JsonBuffer out = buffer(ENVELOPE + room(change.before()) + room(change.after()));
        out.raw(OPEN);
        out.position(new Position(change.id(), 0));
        out.raw(OPERATION);
        out.raw(operation.name());
        out.raw(TABLE);
        out.raw(TableJson.of(relation).name());
        out.raw(COMMIT_TIMESTAMP);
        CommitTime.write(out, change.commitTime());
        out.raw(RECORD);
        return out;
    }

    private static JsonBuffer buffer(int room) {
        if (room > MOST_KEPT || Thread.currentThread().isVirtual()) {
            return new JsonBuffer(room);
        }
        JsonBuffer kept = KEPT.get();
        kept.truncate(0);
        return kept;
    }

    private static Payload close(JsonBuffer out, RowPayload.Form form) {
        out.raw('}');
        return new Payload(out.copy(0, out.size()), OPEN.length, form);
    }

    /**
     * An UPDATE whose old key Postgres did not log has left the key alone, so the new row has it; Supabase's
     * {@code old_record} holds it too.
     */
    private void writeOldRecord(JsonBuffer out) {
        if (change.operation() == Operation.UPDATE && change.before() != null && !showsOld) {
            // Even its key may be another one.
            writeRow(out, change.before(), (index, column) -> column.inPrimaryKey() && change.leavesAlone(index));
        } else if (change.operation() != Operation.UPDATE || change.before() != null) {
            writeRow(out, change.before(), RowJson.Columns.REPLICA_IDENTITY);
        } else if (relation.replicaIdentity() == ReplicaIdentity.FULL) {
            writeRow(out, change.after(), RowJson.Columns.PRIMARY_KEY);
        } else {
            writeRow(out, change.after(), RowJson.Columns.REPLICA_IDENTITY);
        }
    }

    private void writeRow(JsonBuffer out, @Nullable Row row, RowJson.Choice columns) {
        if (row == null) {
            out.nullValue();
        } else {
            RowJson.Choice allowed = shown == RowJson.Columns.ALL
                    ? columns
                    : (index, column) -> shown.contains(index, column) && columns.contains(index, column);
            RowJson.write(
                    out, relation, row, change.hasWholeOldRow() ? change.before() : null, allowed, RowJson.ANY_LENGTH);
        }
    }

    /** Names and values, and some escapes; a guess that is too low costs one copy. */
    private int room(@Nullable Row row) {
        if (row == null) {
            return 0;
        }
        int room = 0;
        for (int i = 0; i < row.size(); i++) {
            room += 24 + Math.max(4, row.length(i)) + row.length(i) / 16;
        }
        return room;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
