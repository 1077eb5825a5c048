/**
 * From {@link dev.campfire.realtime.capture.Change}s to {@link dev.campfire.realtime.mapping.Event}s.
 *
 * <p>A change of a published row flows in; the named events that the standards make of it flow out, each for one channel,
 * with its payload already encoded. Pure functions of the change: no state, no clock, any thread.
 */
@NullMarked
package dev.campfire.realtime.mapping;

import org.jspecify.annotations.NullMarked;
