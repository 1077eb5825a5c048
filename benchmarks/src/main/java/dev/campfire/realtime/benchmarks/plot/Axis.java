package dev.campfire.realtime.benchmarks.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where numbers lie between two ends, and which of them are written there. An axis counts in powers of ten when its numbers
 * are positive and reach over more than a factor of 20, and from zero otherwise.
 */
final class Axis {

    private static final double FAR_APART = 20;
    private static final int STEPS = 5;

    private final double low;
    private final double high;
    private final boolean logarithmic;
    private final double from;
    private final double to;

    private Axis(double low, double high, boolean logarithmic, double from, double to) {
        this.low = low;
        this.high = high;
        this.logarithmic = logarithmic;
        this.from = from;
        this.to = to;
    }

    /**
     * An axis that holds all of the values.
     *
     * @param from where the smallest lies
     * @param to where the largest lies
     */
    static Axis of(double[] values, double from, double to) {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                smallest = Math.min(smallest, value);
                largest = Math.max(largest, value);
            }
        }
        if (smallest > largest) {
            return new Axis(0, 1, false, from, to);
        }
        if (smallest > 0 && largest / smallest > FAR_APART) {
            return new Axis(smallest, largest, true, from, to);
        }
        double low = Math.min(0, smallest);
        double high = Math.max(0, largest);
        return new Axis(low, high > low ? high : low + 1, false, from, to);
    }

    /** The same from zero, whatever the numbers are: the lengths of bars are compared. */
    static Axis fromZero(double[] values, double from, double to) {
        double largest = 0;
        double smallest = 0;
        for (double value : values) {
            if (Double.isFinite(value)) {
                largest = Math.max(largest, value);
                smallest = Math.min(smallest, value);
            }
        }
        return new Axis(smallest, largest > smallest ? largest : smallest + 1, false, from, to);
    }

    double place(double value) {
        double share = logarithmic
                ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
                : (value - low) / (high - low);
        return from + share * (to - from);
    }

    /** Round numbers on the axis, from the smallest. */
    List<Double> marks() {
        List<Double> marks = new ArrayList<>();
        if (logarithmic) {
            boolean few = high / low < 1000;
            for (double power = Math.pow(10, Math.floor(Math.log10(low))); power <= high * 1.0001; power *= 10) {
                for (double step : few ? new double[] {1, 2, 5} : new double[] {1}) {
                    double mark = power * step;
                    if (mark >= low * 0.9999 && mark <= high * 1.0001) {
                        marks.add(mark);
                    }
                }
            }
            return marks;
        }
        double rough = (high - low) / STEPS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
        for (double mark = Math.ceil(low / step) * step; mark <= high * 1.0001; mark += step) {
            marks.add(mark);
        }
        return marks;
    }

    /** A number as people write it: {@code 1.2 M}, {@code 35 k}, {@code 0.25}. */
    static String text(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value)) {
            return "?";
        }
        if (size >= 999_500) {
            return significant(value / 1e6) + " M";
        }
        if (size >= 9_995) {
            return significant(value / 1e3) + " k";
        }
        return significant(value);
    }

    private static String significant(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }
}
