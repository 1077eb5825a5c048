package dev.campfire.realtime.vocabulary;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names of events under the unified standard, {@code {resource}:{action}[:{detail}]}. */
public enum EventName {
    MESSAGE_CREATED(Group.MESSAGE, "message:created"),
    MESSAGE_UPDATED(Group.MESSAGE, "message:updated"),
    MESSAGE_DELETED(Group.MESSAGE, "message:deleted"),
    MESSAGE_STATUS_DELIVERED(Group.MESSAGE, "message:status:delivered"),
    MESSAGE_STATUS_READ(Group.MESSAGE, "message:status:read"),
    MESSAGE_STATUS_FAILED(Group.MESSAGE, "message:status:failed"),
    READ_RECEIPT(Group.MESSAGE, "read:receipt"),

    CONVERSATION_CREATED(Group.CONVERSATION, "conversation:created"),
    CONVERSATION_UPDATED(Group.CONVERSATION, "conversation:updated"),
    CONVERSATION_ASSIGNED(Group.CONVERSATION, "conversation:assigned"),
    CONVERSATION_UNASSIGNED(Group.CONVERSATION, "conversation:unassigned"),
    CONVERSATION_CLOSED(Group.CONVERSATION, "conversation:closed"),
    CONVERSATION_REOPENED(Group.CONVERSATION, "conversation:reopened"),
    CONVERSATION_ARCHIVED(Group.CONVERSATION, "conversation:archived"),

    TYPING_START(Group.TYPING, "typing:start"),
    TYPING_STOP(Group.TYPING, "typing:stop"),
    TYPING_UPDATE(Group.TYPING, "typing:update"),

    PRESENCE_JOIN(Group.PRESENCE, "presence:join"),
    PRESENCE_LEAVE(Group.PRESENCE, "presence:leave"),
    PRESENCE_UPDATE(Group.PRESENCE, "presence:update"),

    AGENT_STATUS_ONLINE(Group.AGENT, "agent:status:online"),
    AGENT_STATUS_AWAY(Group.AGENT, "agent:status:away"),
    AGENT_STATUS_BUSY(Group.AGENT, "agent:status:busy"),
    AGENT_STATUS_OFFLINE(Group.AGENT, "agent:status:offline"),
    AGENT_ASSIGNED(Group.AGENT, "agent:assigned"),
    AGENT_UNASSIGNED(Group.AGENT, "agent:unassigned"),

    AI_ACTIVATED(Group.AI, "ai:activated"),
    AI_DEACTIVATED(Group.AI, "ai:deactivated"),
    AI_RESPONSE_GENERATED(Group.AI, "ai:response:generated"),
    AI_HANDOVER_REQUESTED(Group.AI, "ai:handover:requested"),
    AI_HANDOVER_COMPLETED(Group.AI, "ai:handover:completed"),
    AI_CONFIDENCE_LOW(Group.AI, "ai:confidence:low"),
    AI_CONFIDENCE_HIGH(Group.AI, "ai:confidence:high"),

    VISITOR_JOINED(Group.VISITOR, "visitor:joined"),
    VISITOR_LEFT(Group.VISITOR, "visitor:left"),
    VISITOR_ACTIVE(Group.VISITOR, "visitor:active"),
    VISITOR_IDLE(Group.VISITOR, "visitor:idle"),
    VISITOR_PAGE_VIEW(Group.VISITOR, "visitor:page:view"),

    NOTIFICATION_CREATED(Group.NOTIFICATION, "notification:created"),
    NOTIFICATION_READ(Group.NOTIFICATION, "notification:read"),
    NOTIFICATION_DISMISSED(Group.NOTIFICATION, "notification:dismissed"),

    SYSTEM_MAINTENANCE(Group.SYSTEM, "system:maintenance"),
    SYSTEM_ALERT(Group.SYSTEM, "system:alert"),
    SYSTEM_HEALTH_CHECK(Group.SYSTEM, "system:health:check");

    /** What events are about, as the standard groups them. */
    public enum Group {
        MESSAGE,
        CONVERSATION,
        TYPING,
        PRESENCE,
        AGENT,
        AI,
        VISITOR,
        NOTIFICATION,
        SYSTEM
    }

    private static final Map<String, EventName> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventName::text, Function.identity()));

    private final Group group;
    private final String text;

    EventName(Group group, String text) {
        this.group = group;
        this.text = text;
    }

    /** The event of this name; null when the standard has none. */
    public static @Nullable EventName find(String text) {
        return BY_TEXT.get(text);
    }

    public Group group() {
        return group;
    }

    /** The name as clients see it. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
