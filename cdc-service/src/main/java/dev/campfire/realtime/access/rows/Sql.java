package dev.campfire.realtime.access.rows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/** Writes names and texts as SQL. */
final class Sql {

    /** Names that look plain and are none: what of them may stand unquoted differs between releases, so none does. */
    private static final Set<String> PLAIN_BUT_RESERVED = Set.of("user", "role", "table", "select", "current_user");

    private Sql() {}

    /** A name, in quotes. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name as Postgres prints it: without quotes where it needs none. */
    static String name(String name) {
        boolean isPlain = name.matches("[a-z_][a-z0-9_]*") && !PLAIN_BUT_RESERVED.contains(name);
        return isPlain ? name : quoted(name);
    }

    /** A text that may hold anything: nothing in it can end the literal. */
    static String literal(String text) {
        return "convert_from(decode('"
                + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8))
                + "', 'hex'), 'UTF8')";
    }
}
