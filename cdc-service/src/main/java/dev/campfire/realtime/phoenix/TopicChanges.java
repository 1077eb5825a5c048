package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.changes.ChangeSubscription;
import dev.campfire.realtime.channel.LoopHub;
import dev.campfire.realtime.channel.Subscription;

/**
 * What a topic has subscribed to of {@code postgres_changes}.
 *
 * @param subscription in force until it is closed
 * @param messages the hub's subscription to its messages
 */
record TopicChanges(ChangeSubscription subscription, Subscription messages) {

    void end(LoopHub hub) {
        subscription.close();
        hub.leave(messages);
    }
}
