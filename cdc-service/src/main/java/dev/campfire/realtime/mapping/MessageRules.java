package dev.campfire.realtime.mapping;

import dev.campfire.realtime.vocabulary.EventName;
import org.jspecify.annotations.Nullable;

/**
 * The events of a message: {@code message:created}, {@code :updated} and {@code :deleted} on its conversation's channel.
 *
 * <p>When an UPDATE sets {@code status} to delivered, read or failed, {@code message:status:*} follows
 * {@code message:updated}, on the conversation's channel and on its {@code :status} channel; and at read,
 * {@code read:receipt} on the conversation's channel.
 */
final class MessageRules implements TableRules {

    private static final String STATUS = "status";

    @Override
    public String conversationColumn() {
        return "conversation_id";
    }

    @Override
    public void appeared(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.MESSAGE_CREATED, payload, at.channel());
    }

    @Override
    public void updated(
            @Nullable RowImage before, RowImage after, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.MESSAGE_UPDATED, payload, at.channel());
        String status = before == null ? null : after.textIfNew(STATUS, before);
        EventName statusEvent = status == null ? null : statusEvent(status);
        if (statusEvent != null) {
            events.add(statusEvent, payload, at.channel(), at.statusChannel());
        }
        if (statusEvent == EventName.MESSAGE_STATUS_READ) {
            events.add(EventName.READ_RECEIPT, payload, at.channel());
        }
    }

    @Override
    public void disappeared(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events) {
        events.add(EventName.MESSAGE_DELETED, payload, at.channel());
    }

    private static @Nullable EventName statusEvent(String status) {
        return switch (status) {
            case "delivered" -> EventName.MESSAGE_STATUS_DELIVERED;
            case "read" -> EventName.MESSAGE_STATUS_READ;
            case "failed" -> EventName.MESSAGE_STATUS_FAILED;
            default -> null;
        };
    }
}
