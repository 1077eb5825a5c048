package dev.campfire.realtime.benchmarks.plot;

import dev.campfire.realtime.benchmarks.measure.Series;
import dev.campfire.realtime.benchmarks.measure.Spread;
import java.util.Collection;
import java.util.Map;

/** A bar for each subject, as long as its median, with a line from the smallest to the largest. */
record Bars(Series series) implements Chart {

    private static final double NAMES = 190;
    private static final double VALUES = 80;
    private static final double HEAD = 30;
    private static final double ROW = 24;
    private static final double THICKNESS = 14;
    private static final int LONGEST_NAME = 30;

    @Override
    public double height() {
        return HEAD + ROW * series.subjects().size();
    }

    @Override
    public void draw(Svg svg, double left, double top) {
        svg.text(left, top + 16, "panel", "start", series.what());
        double[] all = series.subjects().values().stream()
                .flatMap(points -> points.values().stream())
                .flatMapToDouble(spread -> java.util.stream.DoubleStream.of(spread.min(), spread.max()))
                .toArray();
        Axis axis = Axis.fromZero(all, left + NAMES, left + WIDTH - VALUES);
        int colour = 0;
        double y = top + HEAD;
        for (Map.Entry<String, ? extends Map<Double, Spread>> subject :
                series.subjects().entrySet()) {
            Collection<Spread> spreads = subject.getValue().values();
            svg.text(left + NAMES - 8, y + 11, "faint", "end", shortened(subject.getKey()));
            for (Spread spread : spreads) {
                double zero = axis.place(0);
                double end = axis.place(spread.median());
                svg.bar(Math.min(zero, end), y, Math.abs(end - zero), THICKNESS, colour);
                svg.spreadOnBar(axis.place(spread.min()), axis.place(spread.max()), y + THICKNESS / 2);
                svg.text(Math.max(end, axis.place(spread.max())) + 6, y + 11, "", "start", Axis.text(spread.median()));
            }
            colour++;
            y += ROW;
        }
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }
}
