package dev.campfire.realtime.phoenix;

import io.netty.buffer.ByteBufUtil;

/** The rules for a topic's name. */
final class TopicName {

    private static final String PREFIX = "realtime:";

    /** What the size byte of a binary frame can say. */
    private static final int MAX_LENGTH = 255;

    private TopicName() {}

    /** Whether there are channels of this kind of name at all. */
    static boolean isChannel(String topic) {
        return topic.startsWith(PREFIX);
    }

    /** The topic of a channel. */
    static String of(String channel) {
        return PREFIX + channel;
    }

    /** What stands behind {@code realtime:}. */
    static String subTopic(String topic) {
        return topic.substring(PREFIX.length());
    }

    static boolean isTooLong(String topic) {
        return ByteBufUtil.utf8Bytes(topic) > MAX_LENGTH;
    }
}
