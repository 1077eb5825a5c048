/**
 * Who sees which row.
 *
 * <p>What flows in are changes and those who would like to see them; what flows out is what each may see: which columns
 * by the privileges of the role, and whether the row at all. What the catalog says is read once for each version of a
 * table and each role.
 */
@NullMarked
package dev.campfire.realtime.access.rows;

import org.jspecify.annotations.NullMarked;
