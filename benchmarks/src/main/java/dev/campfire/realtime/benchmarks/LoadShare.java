package dev.campfire.realtime.benchmarks;

/** When the load is what limits: it runs on one core as what it loads does, and is the limit when that core is full. */
final class LoadShare {

    /** From here on a core counts as full; what runs beside takes the rest. */
    static final double BUSY = 0.9;

    private LoadShare() {}
}
