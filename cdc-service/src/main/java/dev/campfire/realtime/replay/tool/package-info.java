/**
 * The replay tool: events flow from a source, a running server or the directory of a stopped one, to a destination,
 * standard output or a webhook, and a position file says how far that has come for good.
 *
 * <p>One thread does all of it. It is interrupted to end it, and leaves the position file right.
 */
@NullMarked
package dev.campfire.realtime.replay.tool;

import org.jspecify.annotations.NullMarked;
