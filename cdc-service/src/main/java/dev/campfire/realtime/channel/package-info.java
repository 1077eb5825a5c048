/**
 * The hub: channels, their subscribers, and the fan-out of what is published.
 *
 * <p>What flows in are {@link dev.campfire.realtime.mapping.Event}s from the capture thread and broadcasts from
 * connections, on any event loop; what flows out are whole websocket frames, written to {@link
 * dev.campfire.realtime.channel.Outlet}s. A connection lives on one event loop, and so do its subscriptions: {@link
 * dev.campfire.realtime.channel.LoopHub} is one loop's share of the hub and is touched by that loop alone. Publishing
 * looks up which loops have subscribers and hands each of them one list; whichever loop is busy finds several lists when
 * it comes round, and makes of them one buffer per channel and one flush per socket.
 *
 * <p>What knows the wire stays outside: a {@link dev.campfire.realtime.channel.FrameFormat} turns a message into frames.
 * Who is present is known for the whole machine, and its diffs are {@link dev.campfire.realtime.channel.Message.Push}es.
 */
@NullMarked
package dev.campfire.realtime.channel;

import org.jspecify.annotations.NullMarked;
