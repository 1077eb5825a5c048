/** The API of conversations: who may do what through it, what is refused and how, and that it is done once. */
@NullMarked
package dev.campfire.realtime.api;

import org.jspecify.annotations.NullMarked;
