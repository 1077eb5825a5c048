package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.RowPayload;
import org.jspecify.annotations.Nullable;

/**
 * What has to be seen of a change by whoever is to be told a message of it: all that is left to know when the message itself is
 * at hand as bytes. Immutable.
 *
 * @param change the change; null where the message tells of no row, and is for everybody on the channel
 * @param isOfOldImage whether it is the old image that the message tells of
 * @param showsBoth whether it shows the old image beside the new one
 */
public record Need(@Nullable Change change, boolean isOfOldImage, boolean showsBoth) {

    /** How much of a message somebody is told. */
    enum Share {
        NOTHING,
        PART,
        ALL
    }

    private static final Need NONE = new Need(null, false, false);

    /** That of a message that is for everybody. */
    static Need none() {
        return NONE;
    }

    /** That of an event of a row. */
    static Need of(RowPayload row) {
        return new Need(row.change(), row.tellsOfOldImage(), row.showsBoth());
    }

    /**
     * What somebody is told of it.
     *
     * @param sight what they see of the change; null for nothing
     */
    Share share(@Nullable Sight sight) {
        if (change == null) {
            return Share.ALL;
        }
        Relation relation = change.relation();
        if (relation == null
                || sight == null
                || !sight.hasSchema()
                || !(isOfOldImage ? sight.seesOld() : sight.seesNew())) {
            return Share.NOTHING;
        }
        boolean seesAllColumns =
                sight.columns().cardinality() == relation.columns().size();
        return seesAllColumns && (sight.seesOld() || !showsBoth) ? Share.ALL : Share.PART;
    }
}
