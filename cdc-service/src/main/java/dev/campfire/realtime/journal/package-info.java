/** The event log: what was published, in order, each change once. */
@NullMarked
package dev.campfire.realtime.journal;

import org.jspecify.annotations.NullMarked;
