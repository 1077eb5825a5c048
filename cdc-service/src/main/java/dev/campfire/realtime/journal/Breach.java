package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.StreamStart;

/** Why something is missing between what a journal has and what is going to come, in a sentence for people. */
final class Breach {

    static final String GONE = "The journal's files were removed, or set aside, while it was written.";

    static final String SET_BACK = "The database has gone back in time, as one does that is restored from a backup.";

    private Breach() {}

    /**
     * The reason; empty when nothing is missing.
     *
     * @param era the stretch that is being appended to
     * @param hasDiverged whether other changes came where some had been
     */
    static String of(Log log, Era era, StreamStart start, boolean hasDiverged) {
        if (era.history() != start.history()) {
            return "The database is another one, or another timeline of it, than the journal was written from.";
        }
        if (log.hasLostEnd()) {
            return "The newest entries of the journal were damaged.";
        }
        if (Long.compareUnsigned(start.lsn(), log.complete()) > 0) {
            return start.isNewSlot()
                    ? "The replication slot was gone and has been made anew."
                    : "The replication slot is further on than the journal.";
        }
        LogPosition last = log.last();
        boolean endsBefore =
                last != null && last.era() == era.number() && Long.compareUnsigned(start.end(), last.lsn()) < 0;
        return endsBefore || hasDiverged ? SET_BACK : "";
    }
}
