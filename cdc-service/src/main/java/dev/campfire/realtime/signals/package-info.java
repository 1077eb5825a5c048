/**
 * What is told and forgotten: who types, who is present, who visits. Between those who say something on a channel and the
 * hub: a signal that arrives on one of a conversation's channels goes out on all of them that its sender may write to, each
 * listener hears it once, and what nobody takes back ends by itself.
 *
 * <p>Nothing in here asks who may do something: callers hand in what is permitted, channel by channel. Nothing is journaled.
 */
@NullMarked
package dev.campfire.realtime.signals;

import org.jspecify.annotations.NullMarked;
