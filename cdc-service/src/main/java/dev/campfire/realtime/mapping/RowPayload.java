package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row that an event tells of, from which its payload can be rendered again with less in it. Immutable.
 *
 * @param change the change
 * @param relation its table
 * @param form what is told of it
 * @param columns the names of the columns that the rule tells of, in any order; null for all of them, empty for none
 * @param position the event's
 */
public record RowPayload(
        Change change,
        Relation relation,
        Form form,
        @Nullable List<String> columns,
        Position position) {

    public RowPayload {
        columns = columns == null ? null : List.copyOf(columns);
    }

    /** What of a change is told. */
    public enum Form {
        /** All of it. */
        AS_IS,
        /** That the row has left: of its old image the key. */
        DEPARTURE,
        /** That the row has come: its new image. */
        ARRIVAL
    }

    /** Whether it is the old image that has to be visible to whoever gets the event. */
    public boolean tellsOfOldImage() {
        return form == Form.DEPARTURE || form == Form.AS_IS && change.after() == null;
    }

    /** Whether the payload shows more of the old image than its key, beside the new one. */
    public boolean showsBoth() {
        return form == Form.AS_IS && change.before() != null && change.after() != null;
    }

    /** The payload for somebody who sees all of it: the same bytes at every call. */
    public byte[] render() {
        return render(new PayloadWriter(change, relation, RowJson.named(columns), true));
    }

    /**
     * The payload for somebody who does not see everything.
     *
     * @param visible the columns, by place, that may be shown; of these only the rule's are
     * @param showsOld whether the old image is, beyond the key where that is the new one's
     */
    public byte[] render(BitSet visible, boolean showsOld) {
        RowJson.Choice told = RowJson.named(columns);
        return render(new PayloadWriter(
                change, relation, (index, column) -> visible.get(index) && told.contains(index, column), showsOld));
    }

    private byte[] render(PayloadWriter writer) {
        return render(writer, form).bytes(position);
    }

    /** What is told in this form. */
    static Payload render(PayloadWriter writer, Form form) {
        return switch (form) {
            case AS_IS -> writer.asIs();
            case DEPARTURE -> writer.asDeparture();
            case ARRIVAL -> writer.asArrival();
        };
    }
}
