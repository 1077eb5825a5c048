/**
 * Netty: the pipeline, HTTP routes, the websocket endpoint.
 *
 * <p>A connection begins as HTTP. A request for one of the websocket paths that brings a good token turns it into a
 * socket, which belongs to a {@link dev.campfire.realtime.phoenix.PhoenixSession} from then on, and so does the connection
 * whose client asks for a stream of a channel's events; any other request is answered from the {@link dev.campfire.realtime.server.Routes}. A connection stays on the event loop that accepted it.
 */
@NullMarked
package dev.campfire.realtime.server;

import org.jspecify.annotations.NullMarked;
