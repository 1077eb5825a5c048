package dev.campfire.realtime.access;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer may see of one change. Immutable: the set is not to be changed.
 *
 * @param seesNew whether the row's new image is visible
 * @param seesOld whether the row's old image is visible, as far as Postgres logged it
 * @param columns which of the relation's columns, by place, the viewer's role may SELECT
 * @param hasSchema whether the role may use the table's schema and read its primary key: without it nothing is shown but
 *     {@code Error 401}
 * @param withheldBecause why something is not visible, in words for an operator; null when all of it is
 */
public record Sight(
        boolean seesNew,
        boolean seesOld,
        BitSet columns,
        boolean hasSchema,
        @Nullable String withheldBecause) {}
