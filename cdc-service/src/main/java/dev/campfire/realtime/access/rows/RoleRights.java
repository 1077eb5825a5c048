package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Sight;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a role may see of a table.
 *
 * @param columns which columns of the relation, by place, it may SELECT; not to be changed
 * @param hasSchemaAndKey whether it may use the schema and SELECT the primary key
 * @param withheldBecause why it sees no row; null when it sees all of them
 * @param readAt when this was read, by the monotonic clock in nanoseconds
 */
record RoleRights(
        BitSet columns, boolean hasSchemaAndKey, @Nullable String withheldBecause, long readAt) {

    Sight sight() {
        boolean seesRows = withheldBecause == null;
        return new Sight(seesRows, seesRows, columns, hasSchemaAndKey, withheldBecause);
    }
}
