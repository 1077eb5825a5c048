package dev.campfire.realtime.operations;

import java.sql.SQLException;

/** A script could not be applied: nothing of it was, and what was applied before it stays. */
public final class SetupException extends Exception {

    SetupException(Script script, SQLException cause) {
        super(script.name() + " was not applied: " + PostgresMessage.of(cause), cause);
    }
}
