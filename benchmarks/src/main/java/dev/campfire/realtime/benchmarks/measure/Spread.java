package dev.campfire.realtime.benchmarks.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One number measured several times.
 *
 * @param min the smallest
 * @param median the middle one, of an even count the mean of the middle two
 * @param max the largest
 */
public record Spread(double min, double median, double max) {

    /** @param values at least one */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /**
     * What was measured in turns with something else, as multiples of that, turn by turn.
     *
     * @param values at least one
     * @param others as many
     */
    public static Spread ofMultiples(double[] values, double[] others) {
        if (values.length != others.length) {
            throw new IllegalArgumentException(values.length + " turns and " + others.length + " of the other");
        }
        return of(IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] / others[i])
                .toArray());
    }

    /** Reads {@code median [min .. max]}. */
    public String text(int decimals) {
        String number = "%,." + decimals + "f";
        return String.format(Locale.ROOT, number + " [" + number + " .. " + number + "]", median, min, max);
    }
}
