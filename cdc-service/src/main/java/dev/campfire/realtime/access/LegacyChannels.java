package dev.campfire.realtime.access;

import dev.campfire.realtime.vocabulary.ChannelName;
import dev.campfire.realtime.vocabulary.LegacyNames;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The channels that conversations had before the standard, {@code conversation:{id}}, while a migration lasts: who may read
 * and write there is decided as for the conversation's channel of today. Safe for use by several threads.
 */
public final class LegacyChannels {

    /** There are none: such names are names like others. */
    public static final LegacyChannels NONE = new LegacyChannels(false, ConversationDirectory.EMPTY);

    private final boolean isOn;
    private final ConversationDirectory directory;

    private LegacyChannels(boolean isOn, ConversationDirectory directory) {
        this.isOn = isOn;
        this.directory = directory;
    }

    /** There are, and this says whose they are. */
    public static LegacyChannels of(ConversationDirectory directory) {
        return new LegacyChannels(true, directory);
    }

    /** @param name without {@code realtime:} */
    public boolean covers(String name) {
        return isOn && LegacyNames.conversationOf(name) != null;
    }

    /**
     * The name that policies are asked about when a user comes to a channel: of a covered one that of its conversation's
     * channel, every other one's own. Empty when the user sees no such conversation, and may do nothing there. A stage
     * that fails does so with an {@link AuthorityException}.
     */
    public CompletionStage<Optional<String>> judgedName(ChannelUser user) {
        String conversation = isOn ? LegacyNames.conversationOf(user.topic()) : null;
        if (conversation == null) {
            return CompletableFuture.completedStage(Optional.of(user.topic()));
        }
        return directory.organizationOf(user, conversation).thenApply(organization -> organization
                .filter(ChannelName::isId)
                .map(org -> ChannelName.conversation(org, conversation).text()));
    }
}
