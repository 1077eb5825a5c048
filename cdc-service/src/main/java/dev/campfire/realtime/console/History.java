package dev.campfire.realtime.console;

import java.util.ArrayList;
import java.util.List;

/** The samples of the last minutes, numbered from 1. Safe for use by several threads. */
final class History {

    private final Sample[] samples;
    private long last;

    /** @param size how many are kept */
    History(int size) {
        this.samples = new Sample[size];
    }

    synchronized void add(Sample sample) {
        samples[(int) (last++ % samples.length)] = sample;
    }

    /** What came after the one with this number, as far as it is kept; all that is kept for a number that never was. */
    synchronized Stretch after(long number) {
        long oldest = Math.max(0, last - samples.length);
        long next = number < oldest || number > last ? oldest : number;
        List<Sample> found = new ArrayList<>();
        for (; next < last; next++) {
            found.add(samples[(int) (next % samples.length)]);
        }
        return new Stretch(last, found);
    }

    /** @param last the number of the newest sample */
    record Stretch(long last, List<Sample> samples) {}
}
