/** How much clients may do, and how much they do: values that can be changed while the service runs, and meters. */
@NullMarked
package dev.campfire.realtime.limits;

import org.jspecify.annotations.NullMarked;
