/** The unified names of channels and events: the only place where these strings are written. */
@NullMarked
package dev.campfire.realtime.vocabulary;

import org.jspecify.annotations.NullMarked;
