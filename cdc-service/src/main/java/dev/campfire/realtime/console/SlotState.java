package dev.campfire.realtime.console;

import org.jspecify.annotations.Nullable;

/**
 * The replication slot as Postgres tells of it.
 *
 * @param active whether somebody reads from it
 * @param confirmed up to where everything is durable here; null before the first time
 * @param restart from where on Postgres keeps its log for it
 * @param current where Postgres writes now
 * @param lagBytes how much of its log lies between the confirmed and the current position
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param safeWalSize how much more Postgres may write before the slot is in danger; null for without end
 */
record SlotState(
        boolean active,
        @Nullable String confirmed,
        @Nullable String restart,
        String current,
        @Nullable Long lagBytes,
        @Nullable String walStatus,
        @Nullable Long safeWalSize) {}
