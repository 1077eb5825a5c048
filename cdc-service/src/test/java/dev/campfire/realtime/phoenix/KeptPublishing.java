package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.journal.ReadPoint;

/** Live delivery of which the journal holds everything, and nothing is on its way. */
public final class KeptPublishing implements ResumeSource.LivePublishing {

    @Override
    public boolean isCaughtUp() {
        return true;
    }

    @Override
    public ResumeSource.Keeping keeping() {
        return ResumeSource.Keeping.ALL;
    }

    @Override
    public ReadPoint published() {
        throw new IllegalStateException("the journal's end is the same");
    }
}
