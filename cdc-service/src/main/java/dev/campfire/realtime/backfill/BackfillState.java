package dev.campfire.realtime.backfill;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill is. Immutable.
 *
 * @param id what it is called by
 * @param parts the tables that are read, one after the other
 * @param part the one that is being read; as many as there are when all have been
 * @param cursor the key behind which it goes on; null at the beginning of a part
 * @param base the LSN such that every change of the part that was committed before it is seen by every reading to come; null when
 *     that has yet to be found out
 * @param note what it waits for, or why it failed; null when there is nothing to say
 * @param read how many rows were read
 * @param told how many of them became events
 * @param estimated how many there are, as Postgres's planner thinks
 * @param begun when it was asked for
 * @param ended when it was over; null while it is not
 */
public record BackfillState(
        String id,
        BackfillRequest request,
        List<Part> parts,
        int part,
        @Nullable List<String> cursor,
        @Nullable Long base,
        Phase phase,
        @Nullable String note,
        long read,
        long told,
        long estimated,
        Instant begun,
        @Nullable Instant ended) {

    /** What it is at. */
    public enum Phase {
        QUEUED,
        COUNTING,
        RUNNING,
        WAITING,
        DONE,
        FAILED,
        CANCELLED;

        /** Whether nothing more comes of it by itself. */
        public boolean isOver() {
            return this == DONE || this == FAILED || this == CANCELLED;
        }
    }

    public BackfillState {
        parts = List.copyOf(parts);
        cursor = cursor == null ? null : List.copyOf(cursor);
    }

    static BackfillState asked(
            String id, BackfillRequest request, List<Part> parts, Phase phase, long estimated, Instant now) {
        return new BackfillState(id, request, parts, 0, null, null, phase, null, 0, 0, estimated, now, null);
    }

    BackfillState in(Phase next, @Nullable String why) {
        return new BackfillState(
                id, request, parts, part, cursor, base, next, why, read, told, estimated, begun, ended);
    }

    BackfillState over(Phase last, @Nullable String why, Instant now) {
        return new BackfillState(id, request, parts, part, cursor, base, last, why, read, told, estimated, begun, now);
    }

    /** Begins again where it stopped. */
    BackfillState again() {
        return new BackfillState(
                id, request, parts, part, cursor, base, Phase.QUEUED, null, read, told, estimated, begun, null);
    }

    BackfillState based(@Nullable Long lsn) {
        return new BackfillState(
                id, request, parts, part, cursor, lsn, phase, note, read, told, estimated, begun, ended);
    }

    BackfillState counted(long rows) {
        return new BackfillState(
                id, request, parts, parts.size(), null, null, phase, note, rows, 0, rows, begun, ended);
    }

    /** With a chunk behind it: at the next part when that was the last of its own. */
    BackfillState behind(Chunk chunk, long toldNow, long nextBase) {
        return new BackfillState(
                id,
                request,
                parts,
                chunk.isLast() ? part + 1 : part,
                chunk.isLast() ? null : chunk.end(),
                chunk.isLast() ? null : (Long) nextBase,
                phase,
                note,
                read + chunk.rows().size(),
                told + toldNow,
                estimated,
                begun,
                ended);
    }

    boolean hasRead() {
        return part >= parts.size();
    }
}
