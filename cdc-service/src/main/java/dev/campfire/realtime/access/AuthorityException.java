package dev.campfire.realtime.access;

/** Why nobody could say whether something is allowed. */
public final class AuthorityException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Problem problem;

    /** What kept the question from being answered; each is told to clients in its own words. */
    public enum Problem {
        /** A policy, or the role that the token names, makes Postgres refuse the question. */
        POLICY,
        /** No connection came free in time. */
        POOL_EXHAUSTED,
        /** Postgres has no connection left. */
        TOO_MANY_CONNECTIONS,
        /** The database can't be reached. */
        UNREACHABLE,
        /** The question took too long. */
        QUERY_CANCELED,
        /** {@code realtime.messages} has no partition for today. */
        MISSING_PARTITION,
        /** {@code realtime.messages} is not there, so nothing can be allowed. */
        NOT_SET_UP
    }

    public AuthorityException(Problem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
