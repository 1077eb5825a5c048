/**
 * Load on a websocket server from a process of its own: a small C program ({@code resources/load/load.c}), compiled when it
 * is first needed, or where there is no compiler the same in Java. Orders go in line by line, what was measured comes back
 * line by line.
 */
@NullMarked
package dev.campfire.realtime.benchmarks.load;

import org.jspecify.annotations.NullMarked;
