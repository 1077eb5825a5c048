package dev.campfire.realtime.changes;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a column of one table.
 *
 * @param index the column's place in the relation
 * @param values the right side in Postgres's own spelling; null when it is not known for this type of column
 */
record ColumnTest(
        int index,
        TableColumn column,
        Condition condition,
        @Nullable List<String> values) {

    /** Whether the condition holds exactly for the rows whose column has one of the values: what an index can answer. */
    boolean isEquality() {
        return values != null
                && !values.isEmpty()
                && !condition.isNegated()
                && column.kind().isEqualByText()
                && (condition.operator() == Operator.EQ || condition.operator() == Operator.IN);
    }

    /** @param text the column's value, null for NULL */
    Truth evaluate(@Nullable String text) {
        if (condition.operator() == Operator.IS) {
            return Truth.of(is(text) != condition.isNegated());
        }
        if (condition.operator() == Operator.ISDISTINCT) {
            return isDistinct(text);
        }
        if (text == null) {
            return Truth.NO;
        }
        Truth truth = plain(text);
        if (truth == Truth.ASK || !condition.isNegated()) {
            return truth;
        }
        return Truth.of(truth == Truth.NO);
    }

    private boolean is(@Nullable String text) {
        return switch (condition.value().toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> "t".equals(text);
            case "false" -> "f".equals(text);
            default -> text == null;
        };
    }

    private Truth isDistinct(@Nullable String text) {
        Truth truth = text == null ? Truth.YES : negate(equal(text));
        return condition.isNegated() ? negate(truth) : truth;
    }

    private static Truth negate(Truth truth) {
        return switch (truth) {
            case YES -> Truth.NO;
            case NO -> Truth.YES;
            case ASK -> Truth.ASK;
        };
    }

    private Truth plain(String text) {
        return switch (condition.operator()) {
            case EQ, IN -> equal(text);
            case NEQ -> negate(equal(text));
            case LT, LTE, GT, GTE -> ordered(text);
            case LIKE, ILIKE, MATCH, IMATCH, IS, ISDISTINCT -> Truth.ASK;
        };
    }

    private Truth equal(String text) {
        if (values == null || values.isEmpty()) {
            return Truth.ASK;
        }
        boolean isUnsure = false;
        for (String value : values) {
            Optional<Boolean> equal = column.kind().areEqual(text, value);
            if (equal.isPresent() && equal.get()) {
                return Truth.YES;
            }
            isUnsure |= equal.isEmpty();
        }
        return isUnsure ? Truth.ASK : Truth.NO;
    }

    private Truth ordered(String text) {
        OptionalInt order = values == null ? OptionalInt.empty() : column.kind().compare(text, values.getFirst());
        if (order.isEmpty()) {
            return Truth.ASK;
        }
        int sign = order.getAsInt();
        return Truth.of(
                switch (condition.operator()) {
                    case LT -> sign < 0;
                    case LTE -> sign <= 0;
                    case GT -> sign > 0;
                    default -> sign >= 0;
                });
    }

    /** The condition as SQL with two parameters: the column's text, and the value as it was given. */
    String sql() {
        String left = "CAST(? AS " + column.type() + ")" + column.collation();
        String right =
                switch (condition.operator()) {
                    case IN -> "(CAST(? AS " + column.type() + "[]))";
                    case LIKE, ILIKE, MATCH, IMATCH -> "CAST(? AS text)";
                    case EQ, NEQ, LT, LTE, GT, GTE, IS, ISDISTINCT -> "CAST(? AS " + column.type() + ")";
                };
        String plain = "(" + left + " " + condition.operator().sql() + " " + right + ")";
        return condition.isNegated() ? "(NOT " + plain + ")" : plain;
    }
}
