/**
 * The promise of the SQL files and of the doctor: what they create works on every supported Postgres, leaves alone what is
 * there, and what is broken is named with the statement that mends it.
 */
@NullMarked
package dev.campfire.realtime.database;

import org.jspecify.annotations.NullMarked;
