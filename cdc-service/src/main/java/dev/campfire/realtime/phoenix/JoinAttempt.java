package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.identity.Claims;

/**
 * A join that has passed what can be checked at once.
 *
 * @param topic with {@code realtime:}
 * @param key the bus that is meant
 * @param judgedName the channel that policies are asked about, without {@code realtime:}
 * @param isJudged whether policies say who may read and write there
 * @param token the token that it is judged by
 */
record JoinAttempt(
        Ref joinRef,
        Ref ref,
        String topic,
        JoinRequest request,
        ChannelKey key,
        String judgedName,
        boolean isJudged,
        String token,
        Claims claims) {

    /** Without {@code realtime:}. */
    String name() {
        return TopicName.subTopic(topic);
    }

    /** Whether anything that it is to hear comes from the database, or has to be asked there. */
    boolean needsDatabase() {
        return isJudged
                || key.side() != ChannelKey.Side.PUBLIC
                || request.changes().areWanted();
    }

    /** Who joins, as policies see them. */
    ChannelUser user(String headers) {
        return new ChannelUser(claims, judgedName, headers);
    }

    /** The same, judged by another name. */
    JoinAttempt judgedAs(String name) {
        return new JoinAttempt(joinRef, ref, topic, request, key, name, isJudged, token, claims);
    }

    /** The same where no policy rules. */
    JoinAttempt open() {
        return new JoinAttempt(joinRef, ref, topic, request, key, judgedName, false, token, claims);
    }
}
