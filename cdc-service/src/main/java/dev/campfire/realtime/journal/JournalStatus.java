package dev.campfire.realtime.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a journal is doing.
 *
 * @param isKeeping whether what is appended is kept; otherwise nothing is acknowledged to Postgres
 * @param problem why not, in one line with what to do; null when it is
 * @param era the stretch without gaps that is being appended to; null before the first stream
 * @param gaps how often something was missing between two stretches
 * @param bytes how much is kept, before compression
 * @param oldest when the oldest entry was appended; null when there is none
 * @param isDurable whether it outlives the process
 * @param damage what was found damaged since the process began, and what that cost, in one line; null for nothing
 */
public record JournalStatus(
        boolean isKeeping,
        @Nullable String problem,
        @Nullable Era era,
        int gaps,
        long bytes,
        @Nullable Instant oldest,
        boolean isDurable,
        @Nullable String damage) {}
