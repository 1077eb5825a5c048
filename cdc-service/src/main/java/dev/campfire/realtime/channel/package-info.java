/** The hub: channels, their subscribers, and the fan-out of what is published. */
@NullMarked
package dev.campfire.realtime.channel;

import org.jspecify.annotations.NullMarked;
