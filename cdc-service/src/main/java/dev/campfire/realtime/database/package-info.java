/**
 * Questions to Postgres that are no replication: who may read a channel, what a filter's value is in Postgres's own
 * spelling, which rows a join wants replayed.
 *
 * <p>What flows in are questions, from any thread; what flows out are their answers. Each question has a connection of a
 * small pool to itself, within a transaction that is always rolled back, so that nothing which a question sets or writes
 * outlives it.
 */
@NullMarked
package dev.campfire.realtime.database;

import org.jspecify.annotations.NullMarked;
