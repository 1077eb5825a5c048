package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureException;
import java.net.BindException;
import java.sql.SQLException;

/** What a person reads when a command fails: what happened and what to do, without a stack trace. */
final class FailureText {

    private FailureText() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case SettingsException settings ->
                "campfire: the settings can't be used:" + System.lineSeparator() + "  "
                        + String.join(System.lineSeparator() + "  ", settings.problems());
            case CaptureException capture ->
                "campfire: " + capture.getMessage() + System.lineSeparator() + "  " + capture.remedy();
            case SQLException sql -> "campfire: the database answered: " + sql.getMessage();
            case BindException bind ->
                "campfire: the port is taken (" + bind.getMessage()
                        + "). Choose another with PORT or --port, or stop what listens there.";
            default -> "campfire: " + (failure.getMessage() == null ? failure.toString() : failure.getMessage());
        };
    }

    /** The exit status of a command that failed: 2 where it was used wrongly, and otherwise 1. */
    static int status(Throwable failure) {
        return failure instanceof SettingsException ? 2 : 1;
    }

    /** Why, in a few words. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
