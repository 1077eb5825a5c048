package dev.campfire.realtime.benchmarks.measure;

import java.util.Locale;

/**
 * A number with the limit that it has to keep.
 *
 * @param name what it says
 * @param value the number
 * @param limit the limit
 * @param ceiling whether the limit is one from above
 * @param unit of both
 */
public record Figure(String name, double value, double limit, boolean ceiling, String unit) {

    /** A number that must not exceed the limit. */
    public static Figure atMost(String name, double value, double limit, String unit) {
        return new Figure(name, value, limit, true, unit);
    }

    /** A number that must reach the limit. */
    public static Figure atLeast(String name, double value, double limit, String unit) {
        return new Figure(name, value, limit, false, unit);
    }

    /** Whether the limit is kept; what is no number keeps none. */
    public boolean reached() {
        return ceiling ? value <= limit : value >= limit;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%-6s %s: %,.2f %s (%s %,.2f)",
                reached() ? "ok" : "MISSED",
                name,
                value,
                unit,
                ceiling ? "at most" : "at least",
                limit);
    }
}
