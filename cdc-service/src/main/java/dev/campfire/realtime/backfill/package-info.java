/**
 * Backfill: tells of rows that were there before anybody looked, while live changes go on.
 *
 * <p>Rows are read in chunks by primary key, on a thread and a connection of its own. Behind each chunk a message is written
 * into the WAL; where that message comes out of the stream, {@link
 * dev.campfire.realtime.backfill.BackfillStream} puts the chunk's rows in its place, on the thread of the stream: as they are at that
 * very place, which what the journal holds says. What flows out are INSERTs that were none, and notes in the journal of how far
 * it is, which are kept when the rows are.
 */
@NullMarked
package dev.campfire.realtime.backfill;

import org.jspecify.annotations.NullMarked;
