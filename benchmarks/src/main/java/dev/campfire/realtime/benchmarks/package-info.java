/**
 * What the service is worth in milliseconds and changes per second, each figure beside its comparison from the same run.
 *
 * <p>{@link dev.campfire.realtime.benchmarks.Bench} reads the command line and runs scenarios one after another. A scenario
 * starts what it measures ({@code postgres}, {@code subject}), loads and watches it from this process ({@code client}),
 * and hands its numbers to a {@link dev.campfire.realtime.benchmarks.measure.Report}. All times of one figure are read from
 * one clock, {@link System#nanoTime()} of this process.
 */
@NullMarked
package dev.campfire.realtime.benchmarks;

import org.jspecify.annotations.NullMarked;
