package dev.campfire.realtime.benchmarks.measure;

import java.util.Arrays;

/**
 * The straight line that is nearest to some points, by the sum of squares.
 *
 * @param slope how much it rises in one step of x
 */
public record Trend(double slope) {

    /**
     * @param x not all the same
     * @param y as many
     */
    public static Trend of(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " and " + y.length + " coordinates");
        }
        double meanX = mean(x);
        double meanY = mean(y);
        double both = 0;
        double square = 0;
        for (int i = 0; i < x.length; i++) {
            both += (x[i] - meanX) * (y[i] - meanY);
            square += (x[i] - meanX) * (x[i] - meanX);
        }
        return new Trend(both / square);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
