package dev.campfire.realtime.changes;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The operators of filters, and what each is in SQL. */
enum Operator {
    EQ("="),
    NEQ("<>"),
    LT("<"),
    LTE("<="),
    GT(">"),
    GTE(">="),
    IN("= ANY"),
    LIKE("~~"),
    ILIKE("~~*"),
    IS("IS"),
    MATCH("~"),
    IMATCH("~*"),
    ISDISTINCT("IS DISTINCT FROM");

    private final String sql;

    Operator(String sql) {
        this.sql = sql;
    }

    /** As filters spell it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String sql() {
        return sql;
    }

    /** Whether its right side is a pattern, which is a text whatever the column's type is. */
    boolean takesPattern() {
        return switch (this) {
            case LIKE, ILIKE, MATCH, IMATCH -> true;
            case EQ, NEQ, LT, LTE, GT, GTE, IN, IS, ISDISTINCT -> false;
        };
    }

    static Optional<Operator> of(String text) {
        return Arrays.stream(values())
                .filter(operator -> operator.text().equals(text))
                .findFirst();
    }
}
