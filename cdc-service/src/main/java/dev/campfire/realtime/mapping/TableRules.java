package dev.campfire.realtime.mapping;

import org.jspecify.annotations.Nullable;

/**
 * Which events come of a row of one table that belongs to a conversation. Without state; safe for use by several threads.
 * The same arguments give the same events in the same order for ever, because positions count them.
 */
interface TableRules {

    /** The column that holds the conversation's id. */
    String conversationColumn();

    /** A row has come to this conversation: it was inserted, or moved here. */
    void appeared(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events);

    /**
     * A row of this conversation was updated.
     *
     * @param before the whole old row, null when it is not known: then no transition can be seen
     */
    void updated(
            @Nullable RowImage before, RowImage after, ConversationAddress at, Payload payload, ChangeEvents events);

    /** A row has left this conversation: it was deleted, or moved away. */
    void disappeared(RowImage row, ConversationAddress at, Payload payload, ChangeEvents events);
}
