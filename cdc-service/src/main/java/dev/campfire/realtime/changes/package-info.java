/**
 * The lane of {@code postgres_changes}: from {@link dev.campfire.realtime.capture.Change}s to the messages of those who
 * subscribed to tables, by filters.
 *
 * <p>What flows in are the changes, on the capture thread, and the subscriptions, from any event loop; what flows out are
 * messages for the hub. All sockets that asked for the same with the same claims are one audience, which is a channel of
 * the hub that has no name: so the hub's fan-out, its order and its back-pressure serve this lane too, and a message is
 * encoded once per audience. What has to be asked of Postgres first, a filter or whether a row is visible, holds up the
 * audiences that need it and no others.
 */
@NullMarked
package dev.campfire.realtime.changes;

import org.jspecify.annotations.NullMarked;
