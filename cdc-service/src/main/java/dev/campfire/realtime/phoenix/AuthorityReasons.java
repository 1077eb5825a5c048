package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.AuthorityException;
import java.util.concurrent.CompletionException;

/** What clients are told when it could not be found out whether they may join. The texts are the original's. */
final class AuthorityReasons {

    /** The database can't be asked. */
    static final String UNREACHABLE =
            "UnableToConnectToProject: Realtime was unable to connect to the project database";

    private AuthorityReasons() {}

    /** The reason in the reply to a join. */
    static String ofJoin(Throwable failure, String name) {
        if (!(causeOf(failure) instanceof AuthorityException authority)) {
            return UNREACHABLE;
        }
        return switch (authority.problem()) {
            case POLICY, NOT_SET_UP -> unauthorized(name);
            case POOL_EXHAUSTED -> "IncreaseConnectionPool: Please increase your connection pool size";
            case TOO_MANY_CONNECTIONS ->
                "DatabaseLackOfConnections: Database can't accept more connections, Realtime won't connect";
            case UNREACHABLE -> UNREACHABLE;
            case QUERY_CANCELED -> "QueryCanceled: Query was cancelled, please try again";
            case MISSING_PARTITION -> "MissingPartition: Realtime was unable to find the expected messages partition";
        };
    }

    static String unauthorized(String name) {
        return "Unauthorized: You do not have permissions to read from this Channel topic: " + name;
    }

    /** The text of the {@code system} message when a new token could not be judged. */
    static String ofRenewal(Throwable failure) {
        boolean wasCanceled = causeOf(failure) instanceof AuthorityException authority
                && authority.problem() == AuthorityException.Problem.QUERY_CANCELED;
        return wasCanceled
                ? "Query was cancelled, please try again"
                : "Realtime was unable to connect to the project database";
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
