/** Who gets which row, through the whole service. */
@NullMarked
package dev.campfire.realtime.access;

import org.jspecify.annotations.NullMarked;
