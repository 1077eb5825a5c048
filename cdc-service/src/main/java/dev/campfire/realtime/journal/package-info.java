/**
 * The event log: each change once, in order.
 *
 * <p>Captured changes flow in with the events that they became; what the log holds already, because Postgres sent it
 * again after a reconnection, is recognised by its identity and dropped. Used by the capturing thread.
 */
@NullMarked
package dev.campfire.realtime.journal;

import org.jspecify.annotations.NullMarked;
