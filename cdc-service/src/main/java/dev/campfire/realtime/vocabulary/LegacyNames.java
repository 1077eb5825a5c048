package dev.campfire.realtime.vocabulary;

import org.jspecify.annotations.Nullable;

/** The names that components used before the standard, which a service in migration still understands. */
public final class LegacyNames {

    /** Typing, with {@code isTyping} in camel case. */
    public static final String TYPING = "typing";

    /** Typing, with {@code is_typing} in snake case. */
    public static final String TYPING_INDICATOR = "typing_indicator";

    private static final String CONVERSATION = "conversation:";

    private LegacyNames() {}

    /** The id of the conversation whose channel this is under its old name; null for every other name. */
    public static @Nullable String conversationOf(String channel) {
        if (!channel.startsWith(CONVERSATION)) {
            return null;
        }
        String id = channel.substring(CONVERSATION.length());
        return ChannelId.isWellFormed(id) ? id : null;
    }

    /** The name that a conversation's channel had. */
    public static String conversation(String id) {
        return CONVERSATION + id;
    }
}
