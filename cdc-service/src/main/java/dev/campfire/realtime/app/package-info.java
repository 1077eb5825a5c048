/** The command line, settings, and the wiring of everything by constructors, in one place. */
@NullMarked
package dev.campfire.realtime.app;

import org.jspecify.annotations.NullMarked;
