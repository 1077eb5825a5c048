package dev.campfire.realtime.channel;

/**
 * The hub in figures, for metrics: each one right, not all of the same instant.
 *
 * @param channels channels that have a subscriber now
 * @param subscriptions subscriptions that there are now
 * @param published events from the database so far, whether anybody listened or not
 * @param broadcast messages from clients so far
 * @param delivered copies handed to sockets so far
 * @param backlogBytes what waits for event loops now
 */
public record HubCounts(
        int channels, long subscriptions, long published, long broadcast, long delivered, long backlogBytes) {}
