package dev.campfire.realtime.console;

import org.jspecify.annotations.Nullable;

/**
 * One second of the service.
 *
 * @param at when it ended, in milliseconds since 1970
 * @param published events of the database in it
 * @param broadcast messages of clients in it
 * @param delivered copies handed to sockets in it
 * @param connections how many there were at its end
 * @param subscriptions how many there were at its end
 * @param latency from commit to publication; null when nothing was published
 * @param lagBytes how far the slot was behind Postgres; null when nobody knew
 */
record Sample(
        long at,
        long published,
        long broadcast,
        long delivered,
        int connections,
        long subscriptions,
        CommitLatency.@Nullable Summary latency,
        @Nullable Long lagBytes) {}
