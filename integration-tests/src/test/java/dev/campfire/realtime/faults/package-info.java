/** What is promised when things break: everything once, in order, and where that is not possible the client is told. */
@NullMarked
package dev.campfire.realtime.faults;

import org.jspecify.annotations.NullMarked;
