package dev.campfire.realtime.access.rows;

import java.util.regex.Pattern;

/**
 * A function that a policy calls.
 *
 * @param oid its OID
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 * @param type its result's type, as SQL
 * @param nature what its result depends on
 * @param version differs when the function has been replaced
 */
record Routine(long oid, String schema, String name, String type, Nature nature, String version) {

    /** What the result of a function depends on, as far as that can be proved. */
    enum Nature {
        /** Its arguments alone. */
        PURE,
        /** The claims of the token, and nothing else: it has no arguments. */
        CLAIMS,
        /** Its arguments, and settings of the session, which are those that hold the claims or do not change. */
        SESSION,
        /** Anything. */
        UNKNOWN
    }

    /**
     * SQL that can do no more than read settings and take values out of them: no table, no other function, no operator
     * but those of JSON. {@code auth.uid()}, {@code auth.role()} and {@code auth.jwt()} look like this in all their
     * versions.
     */
    private static final Pattern READS_CLAIMS = Pattern.compile(
            "(?is)\\s*select\\s+(?:current_setting\\s*\\(\\s*'request\\.jwt\\.claims?(?:\\.\\w+)?'\\s*(?:,\\s*true\\s*)?\\)"
                    + "|'[^'\\\\]*'|\\b(?:coalesce|nullif|true|null)\\b|::\\s*(?:uuid|text|jsonb?|int|integer|bigint|boolean)\\b"
                    + "|->>?|#>>?|[(),\\s])+;?\\s*");

    /**
     * Whether the body of an SQL function without arguments provably reads nothing but the claims.
     *
     * @param body {@code pg_proc.prosrc}
     */
    static boolean readsClaimsOnly(String body) {
        return READS_CLAIMS.matcher(body).matches();
    }
}
