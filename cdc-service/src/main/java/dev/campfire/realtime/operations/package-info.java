/** What an operator sees: health, metrics, the doctor's checks. */
@NullMarked
package dev.campfire.realtime.operations;

import org.jspecify.annotations.NullMarked;
