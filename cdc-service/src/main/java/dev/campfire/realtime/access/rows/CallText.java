package dev.campfire.realtime.access.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replaces calls of functions without arguments in SQL that Postgres has printed. */
final class CallText {

    private final String sql;
    private final StringBuilder out = new StringBuilder();
    private int replaced;

    private CallText(String sql) {
        this.sql = sql;
    }

    /**
     * Replaces every {@code schema.name()}, and every {@code name()} that has no schema before it.
     *
     * @param expected how many calls there are
     * @return nothing when another number was found: then the text is not what it was taken for
     */
    static Optional<String> replace(String sql, Routine routine, String replacement, int expected) {
        CallText text = new CallText(sql);
        text.run(routine, replacement);
        return text.replaced == expected ? Optional.of(text.out.toString()) : Optional.empty();
    }

    private void run(Routine routine, String replacement) {
        List<String> calls = spellings(routine);
        int at = 0;
        while (at < sql.length()) {
            String call = callAt(at, calls);
            if (call != null) {
                at += put(call, replacement);
            } else {
                int end = endOfToken(at);
                out.append(sql, at, end);
                at = end;
            }
        }
    }

    /** Which names are quoted is for Postgres to know: both are looked for, the longest spelling first. */
    private static List<String> spellings(Routine routine) {
        List<String> names = Sql.spellings(routine.name());
        List<String> calls = new ArrayList<>();
        for (String schema : Sql.spellings(routine.schema())) {
            names.forEach(name -> calls.add(schema + "." + name + "()"));
        }
        names.forEach(name -> calls.add(name + "()"));
        return calls;
    }

    private @Nullable String callAt(int at, List<String> calls) {
        for (String call : calls) {
            if (startsCall(at, call)) {
                return call;
            }
        }
        return null;
    }

    private int put(String call, String replacement) {
        out.append(replacement);
        replaced++;
        return call.length();
    }

    private boolean startsCall(int at, String call) {
        return sql.startsWith(call, at) && (at == 0 || !isPartOfName(sql.charAt(at - 1)));
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.' || c == '"' || c > 127;
    }

    /** A quoted name or string is one token, a word too: nothing within them is a call. */
    private int endOfToken(int at) {
        char c = sql.charAt(at);
        if (c == '"' || c == '\'') {
            return endOfQuoted(at, c, c == '\'' && at > 0 && (sql.charAt(at - 1) == 'E'));
        }
        int end = at + 1;
        if (isPartOfName(c)) {
            while (end < sql.length() && isPartOfName(sql.charAt(end)) && sql.charAt(end) != '"') {
                end++;
            }
        }
        return end;
    }

    private int endOfQuoted(int start, char quote, boolean hasEscapes) {
        int at = start + 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (hasEscapes && c == '\\') {
                at += 2;
            } else if (c != quote) {
                at++;
            } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return sql.length();
    }
}
