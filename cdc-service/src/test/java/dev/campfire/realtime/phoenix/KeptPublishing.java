package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.journal.ReadPoint;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Live delivery of which the journal holds everything, unless it is said otherwise, and nothing is on its way. */
public final class KeptPublishing implements ResumeSource.LivePublishing {

    private final Queue<ResumeSource.Keeping> answers = new ConcurrentLinkedQueue<>();

    /** What is answered the next times that it is asked for. */
    void answer(ResumeSource.Keeping... next) {
        Collections.addAll(answers, next);
    }

    @Override
    public boolean isCaughtUp() {
        return true;
    }

    @Override
    public ResumeSource.Keeping keeping() {
        ResumeSource.Keeping next = answers.poll();
        return next == null ? ResumeSource.Keeping.ALL : next;
    }

    @Override
    public ReadPoint published() {
        throw new IllegalStateException("the journal's end is the same");
    }
}
