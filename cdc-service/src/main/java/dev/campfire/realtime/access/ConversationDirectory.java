package dev.campfire.realtime.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows to which organisation a conversation belongs. Safe for use by several threads; never blocks its caller. */
public interface ConversationDirectory {

    /** Knows none. */
    ConversationDirectory EMPTY = (user, conversation) -> CompletableFuture.completedStage(Optional.empty());

    /**
     * The id of the conversation's organisation; empty when there is no such conversation, or none that this user sees. A
     * stage that fails does so with an {@link AuthorityException}.
     *
     * @param user who asks; their topic does not matter
     */
    CompletionStage<Optional<String>> organizationOf(ChannelUser user, String conversation);
}
