package dev.campfire.realtime.benchmarks.measure;

import java.util.Map;
import java.util.SortedMap;

/**
 * One quantity of several subjects.
 *
 * @param what the quantity, with its unit
 * @param axis what the numbers depend on, such as subscribers; empty when each subject has one number alone, at zero
 * @param subjects what was measured, in the order in which it was reported, by size
 */
public record Series(String what, String axis, Map<String, SortedMap<Double, Spread>> subjects) {}
