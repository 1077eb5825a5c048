package dev.campfire.realtime.backfill;

import java.util.concurrent.CompletableFuture;

/**
 * A chunk that was read and waits for its message to come out of the stream.
 *
 * @param mark what the message says: nobody else knows it
 * @param breaks how often history had broken when its backfill's base was found
 * @param state how far the backfill was before it
 * @param outcome completed when the chunk is in the journal, or can't be taken as it is
 */
record PendingChunk(String mark, int breaks, BackfillState state, Chunk chunk, CompletableFuture<Outcome> outcome) {

    /** What became of it. */
    sealed interface Outcome {

        /** It is in the journal. */
        record Kept(BackfillState state) implements Outcome {}

        /**
         * It has to be read again.
         *
         * @param isUnfounded whether it has also to be found out anew from where on changes are needed
         */
        record Refused(String why, boolean isUnfounded) implements Outcome {}
    }
}
