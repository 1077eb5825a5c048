package dev.campfire.realtime.signals;

import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.vocabulary.ChannelKind;
import dev.campfire.realtime.vocabulary.ChannelName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conversation in which somebody may type: the channels on which that is said and heard. */
public record TypingRoom(String org, String conversation) {

    /** The channels of a conversation that are written to by different rights. */
    public enum Part {
        /** The conversation's own channel, with the names that it has besides. */
        CONVERSATION,
        /** The channel for typing alone. */
        TYPING;

        /** The one that is bridged to. */
        public Part other() {
            return this == CONVERSATION ? TYPING : CONVERSATION;
        }
    }

    /** The room that a channel belongs to; null when nobody types there. */
    public static @Nullable TypingRoom of(String channel) {
        ChannelName name = ChannelName.parse(channel);
        return name == null || !isTypedOn(name.kind()) || name.org() == null || name.id() == null
                ? null
                : new TypingRoom(name.org(), name.id());
    }

    private static boolean isTypedOn(ChannelKind kind) {
        return kind == ChannelKind.CONVERSATION
                || kind == ChannelKind.WIDGET
                || kind == ChannelKind.CONVERSATION_TYPING;
    }

    /** The part that a channel of this room is; every other name of the conversation's channel counts as that. */
    public Part partOf(String channel) {
        return channel.equals(name(Part.TYPING)) ? Part.TYPING : Part.CONVERSATION;
    }

    /** The channel whose policies say who may write on a part. */
    public String name(Part part) {
        return switch (part) {
            case CONVERSATION -> ChannelName.conversation(org, conversation).text();
            case TYPING -> ChannelName.conversationTyping(org, conversation).text();
        };
    }

    /** The bus of those who have joined the conversation under its old name. */
    public ChannelKey legacy() {
        return new ChannelKey(name(Part.CONVERSATION), ChannelKey.Side.LEGACY_TYPING);
    }

    /** The buses on which a part is heard. */
    List<ChannelKey> keys(Part part) {
        ChannelKey own = ChannelKey.joined(name(part), true);
        return part == Part.CONVERSATION ? List.of(own, legacy()) : List.of(own);
    }
}
