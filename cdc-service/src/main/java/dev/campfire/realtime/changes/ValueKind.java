package dev.campfire.realtime.changes;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What can be told of values of a type by their text alone, as Postgres prints it in our sessions. Whatever is not
 * certain is not told: then Postgres is asked.
 */
enum ValueKind {
    /** {@code int2}, {@code int4}, {@code int8}. */
    INTEGER(true, true) {
        @Override
        OptionalInt compareSure(String left, String right) {
            return OptionalInt.of(Long.compare(Long.parseLong(left), Long.parseLong(right)));
        }

        @Override
        Optional<String> canonical(String value) {
            try {
                return INTEGER_TEXT.matcher(value).matches()
                        ? Optional.of(Long.toString(Long.parseLong(value)))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    },
    /** {@code numeric}: equal numbers may have different texts. */
    NUMERIC(false, true) {
        @Override
        OptionalInt compareSure(String left, String right) {
            return OptionalInt.of(new BigDecimal(left).compareTo(new BigDecimal(right)));
        }

        @Override
        boolean isSure(String text) {
            return DECIMAL_TEXT.matcher(text).matches();
        }
    },
    /** Text whose collation tells strings apart by their bytes, but orders them in its own way. */
    TEXT(true, false) {
        @Override
        Optional<String> canonical(String value) {
            return value.indexOf('\0') < 0 ? Optional.of(value) : Optional.empty();
        }
    },
    /** Text in the order of its bytes. */
    TEXT_BY_BYTES(true, true) {
        @Override
        OptionalInt compareSure(String left, String right) {
            return OptionalInt.of(Arrays.compareUnsigned(
                    left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        Optional<String> canonical(String value) {
            return TEXT.canonical(value);
        }
    },
    /** {@code uuid} and {@code bool}: their texts are as long as each other, and in the order of the values. */
    FIXED(true, true) {
        @Override
        OptionalInt compareSure(String left, String right) {
            return OptionalInt.of(left.compareTo(right));
        }

        @Override
        Optional<String> canonical(String value) {
            return UUID_TEXT.matcher(value).matches() ? Optional.of(value.toLowerCase(Locale.ROOT)) : Optional.empty();
        }
    },
    /**
     * {@code date}, {@code timestamp}, {@code timestamptz} in UTC: ISO texts are in the order of the times while years
     * have four digits and are after Christ. (A fraction's point sorts behind the end, and behind the zone's plus sign.)
     */
    TIME(true, true) {
        @Override
        OptionalInt compareSure(String left, String right) {
            return OptionalInt.of(left.compareTo(right));
        }

        @Override
        boolean isSure(String text) {
            return TIME_TEXT.matcher(text).matches();
        }
    },
    /** An enum's label: told apart by its text, ordered by its place. */
    LABEL(true, false),
    /** Everything else. */
    OTHER(false, false);

    private static final Pattern INTEGER_TEXT = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern DECIMAL_TEXT = Pattern.compile("-?\\d{1,1000}(?:\\.\\d{1,1000})?");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern TIME_TEXT =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d(?: \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?(?:\\+00)?)?");

    private final boolean isEqualByText;
    private final boolean isOrdered;

    ValueKind(boolean isEqualByText, boolean isOrdered) {
        this.isEqualByText = isEqualByText;
        this.isOrdered = isOrdered;
    }

    /** Whether two values are equal exactly when their texts are. */
    boolean isEqualByText() {
        return isEqualByText;
    }

    /** Whether the values are equal; nothing when that can't be told. */
    Optional<Boolean> areEqual(String left, String right) {
        if (isEqualByText) {
            return Optional.of(left.equals(right));
        }
        OptionalInt order = compare(left, right);
        return order.isPresent() ? Optional.of(order.getAsInt() == 0) : Optional.empty();
    }

    /** The order of two values, as {@link Integer#compare} has it; nothing when that can't be told. */
    OptionalInt compare(String left, String right) {
        return isOrdered && isSure(left) && isSure(right) ? compareSure(left, right) : OptionalInt.empty();
    }

    OptionalInt compareSure(String left, String right) {
        return OptionalInt.empty();
    }

    boolean isSure(String text) {
        return true;
    }

    /** A user's spelling of a value in Postgres's own; nothing when only Postgres can tell. */
    Optional<String> canonical(String value) {
        return Optional.empty();
    }
}
