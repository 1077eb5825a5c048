package dev.campfire.realtime.mapping.rules;

import org.jspecify.annotations.Nullable;

/**
 * A column whose value stands in channels' names.
 *
 * @param index its place in the table, -1 when the table has none
 */
record IdColumn(String name, int index, IdFormat format) {

    /** The value as it is written in a name; null when it has a flaw. */
    @Nullable
    String read(Images images, Side side) {
        String text = index < 0 ? null : images.text(side, index);
        return text == null ? null : format.write(text);
    }

    /** Why {@link #read} gives nothing. */
    IdFlaw flaw(Images images, Side side) {
        if (index < 0) {
            return IdFlaw.COLUMN_MISSING;
        }
        if (images.isNull(side, index)) {
            return IdFlaw.NULL;
        }
        return images.isKnown(side, index) ? IdFlaw.MALFORMED : IdFlaw.NOT_LOGGED;
    }
}
