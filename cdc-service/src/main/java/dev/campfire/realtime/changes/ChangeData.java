package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.mapping.CommitTime;
import dev.campfire.realtime.mapping.JsonBuffer;
import dev.campfire.realtime.mapping.RowJson;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders what subscribers get of one change: the {@code data} of a message. Each view is rendered once, however many
 * share it. For one thread at a time.
 */
final class ChangeData {

    /** Of a record that is too large, the values that are shown all the same have at most so many bytes. */
    private static final int SMALL_VALUE = 64;

    private final Change change;
    private final Relation relation;
    private final int recordLimit;
    private final Map<View, byte[]> rendered = new HashMap<>();
    private final Map<BitSet, byte[]> departures = new HashMap<>(0);

    /**
     * What somebody sees of a change.
     *
     * @param columns the columns, by place; not to be changed
     * @param seesOld whether the old image is shown beyond its key
     * @param error what is shown instead of the row; null when the row is
     */
    record View(BitSet columns, boolean seesOld, @Nullable Problem error) {}

    /** Why a row is not shown. */
    enum Problem {
        NO_PRIMARY_KEY("Error 400: Bad Request, no primary key"),
        UNAUTHORIZED("Error 401: Unauthorized");

        private final String text;

        Problem(String text) {
            this.text = text;
        }
    }

    /** @param recordLimit how many bytes the data may have before large values are left out */
    ChangeData(Change change, Relation relation, int recordLimit) {
        this.change = change;
        this.relation = relation;
        this.recordLimit = recordLimit;
    }

    /** The JSON object; shared, not to be changed. */
    byte[] json(View view) {
        return rendered.computeIfAbsent(view, this::render);
    }

    /**
     * A row that has left a viewer's sight: a DELETE with the old key alone, of the columns that the viewer may read. Shared,
     * not to be changed.
     */
    byte[] departure(BitSet columns) {
        return departures.computeIfAbsent(columns, this::renderDeparture);
    }

    private byte[] renderDeparture(BitSet columns) {
        JsonBuffer out = open(Operation.DELETE);
        out.raw('"');
        CommitTime.write(out, change.commitTime());
        out.raw("\",\"columns\":");
        writeColumns(out, columns);
        out.raw(",\"old_record\":");
        Row old = change.before();
        if (old == null) {
            out.raw("{}");
        } else {
            RowJson.Choice key = (index, column) -> columns.get(index) && column.inPrimaryKey();
            RowJson.write(out, relation, old, null, key, RowJson.ANY_LENGTH);
        }
        out.raw(",\"errors\":null}");
        return out.toByteArray();
    }

    private byte[] render(View view) {
        if (view.error() != null) {
            return renderError(view.error());
        }
        byte[] whole = render(view, RowJson.ANY_LENGTH);
        return whole.length <= recordLimit ? whole : render(view, SMALL_VALUE);
    }

    private byte[] renderError(Problem problem) {
        JsonBuffer out = open(change.operation());
        out.raw("null,\"columns\":[]");
        if (change.operation() != Operation.DELETE) {
            out.raw(",\"record\":{}");
        }
        if (change.operation() != Operation.INSERT) {
            out.raw(",\"old_record\":{}");
        }
        out.raw(",\"errors\":[");
        out.string(problem.text);
        out.raw("]}");
        return out.toByteArray();
    }

    private byte[] render(View view, int longest) {
        JsonBuffer out = open(change.operation());
        out.raw('"');
        CommitTime.write(out, change.commitTime());
        out.raw("\",\"columns\":");
        writeColumns(out, view.columns());
        Row older = change.hasWholeOldRow() ? change.before() : null;
        RowJson.Choice visible = (index, column) -> view.columns().get(index);
        if (change.operation() != Operation.DELETE && change.after() != null) {
            out.raw(",\"record\":");
            RowJson.write(out, relation, change.after(), older, visible, longest);
        }
        if (change.operation() != Operation.INSERT) {
            out.raw(",\"old_record\":");
            writeOld(out, view, longest);
        }
        out.raw(",\"errors\":");
        out.raw(longest == RowJson.ANY_LENGTH ? "null" : "[\"Error 413: Payload Too Large\"]");
        out.raw('}');
        return out.toByteArray();
    }

    /** Up to the commit time's value. */
    private JsonBuffer open(Operation operation) {
        JsonBuffer out = new JsonBuffer(512 + room(change.after()) + room(change.before()));
        out.raw("{\"schema\":");
        out.string(relation.schema());
        out.raw(",\"table\":");
        out.string(relation.table());
        out.raw(",\"type\":\"");
        out.raw(operation.name());
        out.raw("\",\"commit_timestamp\":");
        return out;
    }

    private void writeColumns(JsonBuffer out, BitSet visible) {
        char separator = '[';
        for (int i = 0; i < relation.columns().size(); i++) {
            if (visible.get(i)) {
                Column column = relation.columns().get(i);
                out.raw(separator);
                out.raw("{\"name\":");
                out.string(column.name());
                out.raw(",\"type\":");
                out.string(column.type().name());
                out.raw('}');
                separator = ',';
            }
        }
        if (separator == '[') {
            out.raw('[');
        }
        out.raw(']');
    }

    /** An UPDATE that left the key alone has no old image under the default identity: the key is the new one's. */
    private void writeOld(JsonBuffer out, View view, int longest) {
        Row old = change.before() != null ? change.before() : change.after();
        if (old == null) {
            out.raw("{}");
            return;
        }
        if (!view.seesOld() && change.after() != null && change.before() != null) {
            // Even its key may be another one.
            RowJson.Choice unchanged =
                    (index, column) -> view.columns().get(index) && column.inPrimaryKey() && change.leavesAlone(index);
            RowJson.write(out, relation, old, null, unchanged, longest);
            return;
        }
        boolean isKeyOnly =
                !view.seesOld() || relation.replicaIdentity() == ReplicaIdentity.FULL && change.before() == null;
        RowJson.Choice shown = (index, column) ->
                view.columns().get(index) && (isKeyOnly ? column.inPrimaryKey() : column.inReplicaIdentity());
        RowJson.write(out, relation, old, null, shown, longest);
    }

    private static int room(@Nullable Row row) {
        return row == null ? 0 : row.bytes().length < 65_536 ? row.bytes().length + 24 * row.size() : 65_536;
    }
}
