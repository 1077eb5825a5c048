/** Subscribers that cost so little that what is measured is the server: a websocket on a plain blocking socket. */
@NullMarked
package dev.campfire.realtime.benchmarks.client;

import org.jspecify.annotations.NullMarked;
