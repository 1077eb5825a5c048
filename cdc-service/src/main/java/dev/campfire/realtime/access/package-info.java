/** Who may join, send, and see which row. */
@NullMarked
package dev.campfire.realtime.access;

import org.jspecify.annotations.NullMarked;
