package dev.campfire.realtime.changes;

/**
 * One condition of a filter.
 *
 * @param column the column's name
 * @param value the right side as Postgres takes it: an array literal for {@code in}, unquoted for all others
 * @param isNegated whether {@code not.} stands before the operator
 */
record Condition(String column, Operator operator, String value, boolean isNegated) {

    /** As Supabase Realtime's error texts show it. */
    String inspected() {
        return "{" + Inspected.text(column) + ", " + Inspected.text(operator.text()) + ", " + Inspected.text(value)
                + ", " + isNegated + "}";
    }
}
