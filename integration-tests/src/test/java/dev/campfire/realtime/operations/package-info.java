/** Starting, failing, recovering and stopping, as whoever runs the service sees it. */
@NullMarked
package dev.campfire.realtime.operations;

import org.jspecify.annotations.NullMarked;
