package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.changes.ChangeFeed;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Presences;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.journal.BroadcastHistory;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.vocabulary.NameGuard;

/**
 * What the channels of all sockets are served from.
 *
 * @param authority says who may read and write private channels
 * @param protectedChannels which channels are private whatever a join asks for
 * @param names looks whether names are the standard's
 * @param legacyChannels which channels are old names of conversations
 * @param typing where it is said who types
 * @param history what a join may have replayed
 * @param resume what joins resume from
 * @param feed what joins with {@code postgres_changes} subscribe to
 * @param events where places on channels are taken, for events of rows
 * @param readiness when joins that hear of the database may be answered
 * @param tenant the limits that are kept
 */
public record ChannelServices(
        ChannelHub hub,
        Presences presences,
        TokenVerifier verifier,
        ChannelAuthority authority,
        ProtectedChannels protectedChannels,
        NameGuard names,
        LegacyChannels legacyChannels,
        TypingBridge typing,
        BroadcastHistory history,
        ResumeSource resume,
        ChangeFeed feed,
        EventLane events,
        Readiness readiness,
        Tenant tenant) {}
