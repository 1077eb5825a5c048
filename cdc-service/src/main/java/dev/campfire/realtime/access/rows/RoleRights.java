package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Sight;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a role may see of a table.
 *
 * @param columns which columns of the relation, by place, it may SELECT; not to be changed
 * @param hasSchemaAndKey whether it may use the schema and SELECT the primary key
 * @param predicate what decides about rows; null when it sees all of them
 * @param reread what decides about rows whose image does not tell enough, by looking at them as they are now; null when
 *     nothing can
 */
record RoleRights(
        BitSet columns,
        boolean hasSchemaAndKey,
        @Nullable Predicate predicate,
        @Nullable Reread reread) {

    /** Of a role that sees all rows. */
    Sight whole() {
        return new Sight(true, true, columns, hasSchemaAndKey, null);
    }

    Sight partial(boolean seesNew, boolean seesOld, String why) {
        return new Sight(seesNew, seesOld, columns, hasSchemaAndKey, why);
    }
}
