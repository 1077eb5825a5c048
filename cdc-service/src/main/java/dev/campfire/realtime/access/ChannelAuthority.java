package dev.campfire.realtime.access;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says who may read and write which private channel. Safe for use by several threads; never blocks its caller. A stage
 * that fails does so with an {@link AuthorityException}; then nothing is allowed.
 */
public interface ChannelAuthority {

    /** Nobody may do anything. */
    ChannelAuthority DENY_ALL = new ChannelAuthority() {
        @Override
        public CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> asked) {
            return CompletableFuture.completedStage(Set.of());
        }

        @Override
        public CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension) {
            return CompletableFuture.completedStage(false);
        }
    };

    /** Which of these the user may read. */
    CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> asked);

    /** Whether the user may send this. */
    CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension);
}
