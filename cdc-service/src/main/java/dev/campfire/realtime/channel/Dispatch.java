package dev.campfire.realtime.channel;

/** A message, and the bus that it goes to. */
public record Dispatch(ChannelKey key, Message message) {}
