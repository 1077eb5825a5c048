/**
 * The wire protocol: frames, both serializers, and the state machine of joins, leaves and replies.
 *
 * <p>The payloads of websocket frames flow in, on the event loop of their connection; replies flow out through the
 * connection's {@link dev.campfire.realtime.phoenix.SocketLink}, and what a client broadcasts flows to the hub. One {@link
 * dev.campfire.realtime.phoenix.PhoenixSession} serves one socket; {@link
 * dev.campfire.realtime.phoenix.ProtocolVersion} holds all that differs between the versions.
 *
 * <p>The protocol is Supabase Realtime's. What is not served yet says so: joins that ask for {@code postgres_changes} and
 * presence messages get error replies, and private channels are the {@link
 * dev.campfire.realtime.access.ChannelAuthority}'s.
 */
@NullMarked
package dev.campfire.realtime.phoenix;

import org.jspecify.annotations.NullMarked;
