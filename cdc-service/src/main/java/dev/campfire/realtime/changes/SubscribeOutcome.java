package dev.campfire.realtime.changes;

import dev.campfire.realtime.channel.ChannelKey;

/** What came of subscribing. */
public sealed interface SubscribeOutcome {

    /**
     * The subscription is in force: whatever is committed from now on goes to the key.
     *
     * @param key what to join at the hub
     * @param subscription what to close at the end
     */
    record Subscribed(ChannelKey key, ChangeSubscription subscription) implements SubscribeOutcome {}

    /**
     * Nothing was subscribed to, because of what was asked for.
     *
     * @param message why, in the words of Supabase Realtime's {@code system} message
     */
    record Refused(String message) implements SubscribeOutcome {}
}
