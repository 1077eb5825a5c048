package dev.campfire.realtime.signals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.vocabulary.ChannelKind;
import dev.campfire.realtime.vocabulary.ChannelName;
import org.jspecify.annotations.Nullable;

/** A channel on which comings and goings are told in the standard's words. */
record PresencePlace(ChannelName channel, Kind kind) {

    /** Who comes and goes there. */
    enum Kind {
        PEOPLE,
        AGENTS,
        /** One visitor, however many tabs are open. */
        VISITOR
    }

    /** The place of this name; null for every other channel. */
    static @Nullable PresencePlace of(String name) {
        ChannelName channel = ChannelName.parse(name);
        Kind kind = channel == null ? null : kind(channel.kind());
        return channel == null || kind == null ? null : new PresencePlace(channel, kind);
    }

    private static @Nullable Kind kind(ChannelKind kind) {
        return switch (kind) {
            case CONVERSATION_PRESENCE, USER_PRESENCE -> Kind.PEOPLE;
            case AGENTS_PRESENCE -> Kind.AGENTS;
            case WIDGET_VISITOR, WIDGET_SESSION -> Kind.VISITOR;
            default -> null;
        };
    }

    /** The ids that the channel's name has, as fields of a payload. */
    ObjectNode ids() {
        ObjectNode ids = JsonNodeFactory.instance.objectNode().put("organizationId", channel.org());
        return switch (channel.kind()) {
            case CONVERSATION_PRESENCE -> ids.put("conversationId", channel.id());
            case WIDGET_VISITOR -> ids.put("visitorId", channel.id());
            case WIDGET_SESSION -> ids.put("sessionId", channel.id());
            default -> ids;
        };
    }
}
