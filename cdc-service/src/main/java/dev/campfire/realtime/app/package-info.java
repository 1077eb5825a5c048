/**
 * The command line, the settings, and the wiring of everything by constructors, in one place.
 *
 * <p>Whatever is long-lived is made here, started in the order of the data's flow backwards (the hub listens before
 * capture reads) and stopped in reverse.
 */
@NullMarked
package dev.campfire.realtime.app;

import org.jspecify.annotations.NullMarked;
