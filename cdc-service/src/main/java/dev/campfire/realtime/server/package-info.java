/** Netty: the pipeline, HTTP routes, the websocket endpoint. */
@NullMarked
package dev.campfire.realtime.server;

import org.jspecify.annotations.NullMarked;
