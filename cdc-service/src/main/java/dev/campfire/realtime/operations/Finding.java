package dev.campfire.realtime.operations;

import org.jspecify.annotations.Nullable;

/**
 * What one check found.
 *
 * @param name the check's name, short and lower-case: "wal_level"
 * @param text what was found, one line, without payload, password or row content
 * @param remedy SQL that mends it as it stands, one statement per line; null where nothing is to be done or no statement
 *     of Postgres can do it, and then the text says what can
 */
public record Finding(
        Level level, String name, String text, @Nullable String remedy) {

    /** How bad it is. */
    public enum Level {
        OK,
        /** The service runs, but something will surprise its operator. */
        WARN,
        /** The service cannot do its work. */
        FAIL
    }

    public static Finding ok(String name, String text) {
        return new Finding(Level.OK, name, text, null);
    }

    public static Finding warn(String name, String text, @Nullable String remedy) {
        return new Finding(Level.WARN, name, text, remedy);
    }

    public static Finding fail(String name, String text, @Nullable String remedy) {
        return new Finding(Level.FAIL, name, text, remedy);
    }

    public boolean failed() {
        return level == Level.FAIL;
    }
}
