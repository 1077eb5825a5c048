/** Numbers and what becomes of them: percentiles, spreads, processor time, tables and JSON. Starts nothing. */
@NullMarked
package dev.campfire.realtime.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
