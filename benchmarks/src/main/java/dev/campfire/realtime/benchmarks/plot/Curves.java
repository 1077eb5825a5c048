package dev.campfire.realtime.benchmarks.plot;

import dev.campfire.realtime.benchmarks.measure.Series;
import dev.campfire.realtime.benchmarks.measure.Spread;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;

/** A line for each subject over a size, through its medians, with the spread at each point. */
record Curves(Series series) implements Chart {

    private static final double NUMBERS = 56;
    private static final double HEAD = 30;
    private static final double FIELD = 210;
    private static final double FOOT = 40;
    private static final double LEGEND_ROW = 18;
    private static final int LEGEND_COLUMNS = 3;

    @Override
    public double height() {
        return HEAD + legendRows() * LEGEND_ROW + FIELD + FOOT;
    }

    private int legendRows() {
        return (series.subjects().size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    }

    @Override
    public void draw(Svg svg, double left, double top) {
        svg.text(left, top + 16, "panel", "start", series.what());
        legend(svg, left, top + HEAD);
        double ceiling = top + HEAD + legendRows() * LEGEND_ROW;
        double floor = ceiling + FIELD;
        Axis sizes = Axis.of(sizes(), left + NUMBERS + 10, left + WIDTH - 24);
        Axis values = Axis.of(values(), floor, ceiling + 8);
        frame(svg, left, floor, sizes, values);
        int colour = 0;
        for (SortedMap<Double, Spread> points : series.subjects().values()) {
            double[] line = new double[points.size() * 2];
            int at = 0;
            for (Map.Entry<Double, Spread> point : points.entrySet()) {
                double x = sizes.place(point.getKey());
                Spread spread = point.getValue();
                svg.spread(x, values.place(spread.min()), x, values.place(spread.max()), colour);
                svg.dot(x, values.place(spread.median()), colour);
                line[at++] = x;
                line[at++] = values.place(spread.median());
            }
            svg.line(line, colour++);
        }
    }

    private void legend(Svg svg, double left, double top) {
        int number = 0;
        for (String subject : series.subjects().keySet()) {
            double x = left + number % LEGEND_COLUMNS * (WIDTH / LEGEND_COLUMNS);
            double y = top + number / LEGEND_COLUMNS * LEGEND_ROW;
            svg.bar(x, y + 2, 10, 10, number);
            svg.text(x + 16, y + 11, "faint", "start", subject);
            number++;
        }
    }

    private void frame(Svg svg, double left, double floor, Axis sizes, Axis values) {
        for (double mark : values.marks()) {
            double y = values.place(mark);
            svg.gridLine(left + NUMBERS, y, left + WIDTH - 10, y);
            svg.text(left + NUMBERS - 6, y + 4, "faint", "end", Axis.text(mark));
        }
        for (double size : DoubleStream.of(sizes()).distinct().sorted().toArray()) {
            double x = sizes.place(size);
            svg.gridLine(x, floor, x, floor + 4);
            svg.text(x, floor + 17, "faint", "middle", Axis.text(size));
        }
        svg.text(left + (NUMBERS + WIDTH) / 2, floor + 33, "faint", "middle", series.axis());
    }

    private double[] sizes() {
        return series.subjects().values().stream()
                .flatMap(points -> points.keySet().stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private double[] values() {
        return series.subjects().values().stream()
                .flatMap(points -> points.values().stream())
                .flatMapToDouble(spread -> DoubleStream.of(spread.min(), spread.max()))
                .toArray();
    }
}
