/** Typing and presence, as they are heard by those who are meant to. */
@NullMarked
package dev.campfire.realtime.signals;

import org.jspecify.annotations.NullMarked;
