package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import org.jspecify.annotations.Nullable;

/**
 * One image of a changed row, read by the names of its columns.
 *
 * @param relation the row's table
 * @param row the image
 * @param older where values that the image leaves out because the change left them alone are found, if anywhere
 * @param isWhole whether every column can be trusted; otherwise those of the replica identity alone
 */
record RowImage(Relation relation, Row row, @Nullable Row older, boolean isWhole) {

    private static final int UUID_LENGTH = 36;

    /** The value's text; null when it is NULL, not known, or there is no such column. */
    @Nullable
    String text(String column) {
        int index = indexOf(column);
        if (index < 0) {
            return null;
        }
        return row.isUnchanged(index) && older != null ? older.text(index) : row.text(index);
    }

    /** The value's text when it differs from what it was; null when it does not, or is NULL, or not known. */
    @Nullable
    String textIfNew(String column, RowImage before) {
        String text = text(column);
        return text == null || text.equals(before.text(column)) ? null : text;
    }

    /** What keeps the column's value from naming a channel; null when nothing does, because it is a UUID. */
    @Nullable
    UnmappedReason flawOfId(String column) {
        int index = relation.indexOf(column);
        if (index < 0 || index >= row.size()) {
            return UnmappedReason.COLUMN_MISSING;
        }
        if (!isTrusted(index)) {
            return UnmappedReason.ID_NOT_LOGGED;
        }
        String id = text(column);
        if (id == null) {
            return UnmappedReason.ID_NULL;
        }
        return isUuid(id) ? null : UnmappedReason.ID_MALFORMED;
    }

    /** The UUID in the column; null when it holds none. */
    @Nullable
    String id(String column) {
        return flawOfId(column) == null ? text(column) : null;
    }

    private int indexOf(String column) {
        int index = relation.indexOf(column);
        return index >= 0 && index < row.size() && isTrusted(index) ? index : -1;
    }

    private boolean isTrusted(int index) {
        return isWhole || relation.columns().get(index).inReplicaIdentity();
    }

    /** Whether the text is a UUID as Postgres prints it: other spellings would name other channels. */
    private static boolean isUuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            boolean isDash = i == 8 || i == 13 || i == 18 || i == 23;
            if (isDash ? c != '-' : !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
