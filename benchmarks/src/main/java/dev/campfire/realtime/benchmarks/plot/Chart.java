package dev.campfire.realtime.benchmarks.plot;

import dev.campfire.realtime.benchmarks.measure.Series;

/** One panel of a sheet. */
sealed interface Chart permits Bars, Curves {

    /** How wide every panel is. */
    double WIDTH = 520;

    /** Bars where each subject has one number, curves where the numbers depend on a size. */
    static Chart of(Series series) {
        return series.axis().isEmpty() ? new Bars(series) : new Curves(series);
    }

    double height();

    /** Draws into the rectangle at this place, {@link #WIDTH} wide and {@link #height} high. */
    void draw(Svg svg, double left, double top);
}
