package dev.campfire.realtime.capture;

import org.jspecify.annotations.Nullable;

/** Why changes can't be read, in one line, and what an operator can do about it. */
public final class CaptureException extends Exception {

    private final Problem problem;
    private final String remedy;

    public CaptureException(Problem problem, String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** The kinds of failure, by what the supervisor does about them. */
    public enum Problem {
        /** Comes and goes: the server is unreachable or restarting, a connection was cut. */
        UNAVAILABLE,
        /** An operator has to act: wrong password, no publication, wal_level=replica. Retried, for that can be mended. */
        MISCONFIGURED,
        /** What the slot comes to next was committed while there was no publication. */
        UNDECODABLE
    }

    public Problem problem() {
        return problem;
    }

    /** What to do, as a sentence or a statement to run. */
    public String remedy() {
        return remedy;
    }
}
