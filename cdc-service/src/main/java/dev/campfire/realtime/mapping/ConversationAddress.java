package dev.campfire.realtime.mapping;

import dev.campfire.realtime.vocabulary.ChannelName;
import org.jspecify.annotations.Nullable;

/**
 * The conversation that a row belongs to or is.
 *
 * @param organization the organisation's id, a UUID
 * @param conversation the conversation's id, a UUID
 */
record ConversationAddress(String organization, String conversation) {

    private static final String ORGANIZATION_COLUMN = "organization_id";

    /** Where the row belongs; null when an id is missing or malformed: then {@link #flawIn} tells why. */
    static @Nullable ConversationAddress of(RowImage image, String conversationColumn) {
        String organization = image.id(ORGANIZATION_COLUMN);
        String conversation = image.id(conversationColumn);
        return organization == null || conversation == null
                ? null
                : new ConversationAddress(organization, conversation);
    }

    static @Nullable UnmappedReason flawIn(RowImage image, String conversationColumn) {
        UnmappedReason flaw = image.flawOfId(ORGANIZATION_COLUMN);
        return flaw != null ? flaw : image.flawOfId(conversationColumn);
    }

    ChannelName channel() {
        return ChannelName.conversation(organization, conversation);
    }

    ChannelName statusChannel() {
        return ChannelName.conversationStatus(organization, conversation);
    }

    ChannelName handoverChannel() {
        return ChannelName.conversationHandover(organization, conversation);
    }

    ChannelName overviewChannel() {
        return ChannelName.conversations(organization);
    }

    ChannelName userChannel(String user) {
        return ChannelName.user(organization, user);
    }
}
