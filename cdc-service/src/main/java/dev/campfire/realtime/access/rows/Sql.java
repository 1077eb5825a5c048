package dev.campfire.realtime.access.rows;

import java.util.List;

/** Writes names as SQL. */
final class Sql {

    private Sql() {}

    /** A name, in quotes. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name as Postgres may print it: with quotes, and without where it may need none. */
    static List<String> spellings(String name) {
        return name.matches("[a-z_][a-z0-9_$]*") ? List.of(name, quoted(name)) : List.of(quoted(name));
    }
}
