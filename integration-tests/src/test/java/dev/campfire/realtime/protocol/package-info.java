/** The wire, frame by frame: what the server answers to clients that do right and to clients that do not. */
@NullMarked
package dev.campfire.realtime.protocol;

import org.jspecify.annotations.NullMarked;
