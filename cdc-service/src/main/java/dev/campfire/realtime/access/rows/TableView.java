package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Sight;
import org.jspecify.annotations.Nullable;

/**
 * How one role sees one version of a table.
 *
 * @param book of the predicate, where there is one that is asked
 * @param reread of the predicate that looks rows up
 * @param whole what is seen of a change whose images are visible
 * @param readAt when this was found out, by the monotonic clock in nanoseconds
 */
record TableView(
        RoleRights rights, @Nullable Book book, @Nullable Book reread, Sight whole, long readAt) {}
