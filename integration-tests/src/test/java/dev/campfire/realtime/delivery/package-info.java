/** What is committed arrives: each change once, in order, as the right events on the right channels, whatever breaks. */
@NullMarked
package dev.campfire.realtime.delivery;

import org.jspecify.annotations.NullMarked;
