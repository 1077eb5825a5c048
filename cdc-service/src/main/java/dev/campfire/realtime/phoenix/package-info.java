/** The wire protocol: frames, both serializers, and the state machine of joins, leaves and replies. */
@NullMarked
package dev.campfire.realtime.phoenix;

import org.jspecify.annotations.NullMarked;
