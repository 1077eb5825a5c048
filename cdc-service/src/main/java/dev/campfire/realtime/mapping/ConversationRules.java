package dev.campfire.realtime.mapping;

import dev.campfire.realtime.vocabulary.EventName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of a conversation. Those named {@code conversation:*} go to its own channel and to {@code org:X:conversations}.
 *
 * <p>INSERT is {@code conversation:created}, UPDATE {@code conversation:updated}. What an UPDATE changes then follows, in
 * this order; what an INSERT says of agent and handover follows it too:
 * <ol>
 *   <li>{@code status}: {@code conversation:closed}, {@code :archived}, or {@code :reopened} when it was one of these;
 *   <li>{@code assigned_agent_id}: {@code conversation:unassigned} and {@code agent:unassigned} for the old agent, then
 *       {@code conversation:assigned} and {@code agent:assigned} for the new one; {@code agent:*} go to the channel of that
 *       agent, {@code org:X:user:A};
 *   <li>{@code ai_handover_status}: {@code ai:handover:requested} or {@code :completed}, on the conversation's channel and
 *       on its {@code :handover} channel;
 *   <li>{@code ai_active}, at an UPDATE alone: {@code ai:activated} or {@code ai:deactivated}, on the conversation's channel.
 * </ol>
 *
 * <p>The standard has no name for a conversation's DELETE. Subscribers must learn of it none the less, and what they have
 * to do is what they do when one is archived: it is {@code conversation:archived}, told apart by the payload's operation.
 * Its agent, if it had one, gets {@code agent:unassigned}.
 */
final class ConversationRules implements TableRules {

    private static final String STATUS = "status";
    private static final String AGENT = "assigned_agent_id";
    private static final String HANDOVER = "ai_handover_status";
    private static final String AI_ACTIVE = "ai_active";

    private final UnmappedChanges unmapped;

    /** @param unmapped where agents' ids that are not UUIDs are counted */
    ConversationRules(UnmappedChanges unmapped) {
        this.unmapped = unmapped;
    }

    @Override
    public String conversationColumn() {
        return "id";
    }

    @Override
    public void appeared(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.CONVERSATION_CREATED, payload, at.channel(), at.overviewChannel());
        if (row.text(AGENT) != null) {
            assigned(row, at, payload, events);
        }
        handover(row.text(HANDOVER), at, payload, events);
    }

    @Override
    public void updated(
            @Nullable RowImage before, RowImage after, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.CONVERSATION_UPDATED, payload, at.channel(), at.overviewChannel());
        if (before == null) {
            return;
        }
        status(before, after, at, payload, events);
        if (!Objects.equals(before.text(AGENT), after.text(AGENT))) {
            if (before.text(AGENT) != null) {
                events.add(EventName.CONVERSATION_UNASSIGNED, payload, at.channel(), at.overviewChannel());
                tellAgent(EventName.AGENT_UNASSIGNED, before, at, payload, events);
            }
            if (after.text(AGENT) != null) {
                assigned(after, at, payload, events);
            }
        }
        handover(after.textIfNew(HANDOVER, before), at, payload, events);
        String active = after.textIfNew(AI_ACTIVE, before);
        if (active != null) {
            events.add(active.equals("t") ? EventName.AI_ACTIVATED : EventName.AI_DEACTIVATED, payload, at.channel());
        }
    }

    @Override
    public void disappeared(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.CONVERSATION_ARCHIVED, payload, at.channel(), at.overviewChannel());
        if (row.text(AGENT) != null) {
            tellAgent(EventName.AGENT_UNASSIGNED, row, at, payload, events);
        }
    }

    private static void status(
            RowImage before, RowImage after, ConversationAddress at, Payload payload, ChangeEvents events) {
        String status = after.textIfNew(STATUS, before);
        EventName event =
                switch (status) {
                    case "closed" -> EventName.CONVERSATION_CLOSED;
                    case "archived" -> EventName.CONVERSATION_ARCHIVED;
                    case "open" -> isOver(before.text(STATUS)) ? EventName.CONVERSATION_REOPENED : null;
                    case null, default -> null;
                };
        if (event != null) {
            events.add(event, payload, at.channel(), at.overviewChannel());
        }
    }

    private static boolean isOver(@Nullable String status) {
        return "closed".equals(status) || "archived".equals(status);
    }

    private void assigned(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.CONVERSATION_ASSIGNED, payload, at.channel(), at.overviewChannel());
        tellAgent(EventName.AGENT_ASSIGNED, row, at, payload, events);
    }

    private void tellAgent(
            EventName event, RowImage row, ConversationAddress at, Payload payload, ChangeEvents events) {
        String agent = row.id(AGENT);
        if (agent == null) {
            unmapped.add(row.relation(), UnmappedReason.ID_MALFORMED);
        } else {
            events.add(event, payload, at.userChannel(agent));
        }
    }

    private static void handover(
            @Nullable String handover, ConversationAddress at, Payload payload, ChangeEvents events) {
        EventName event =
                switch (handover) {
                    case "requested" -> EventName.AI_HANDOVER_REQUESTED;
                    case "completed" -> EventName.AI_HANDOVER_COMPLETED;
                    case null, default -> null;
                };
        if (event != null) {
            events.add(event, payload, at.channel(), at.handoverChannel());
        }
    }
}
