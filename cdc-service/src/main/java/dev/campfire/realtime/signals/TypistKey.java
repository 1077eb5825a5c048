package dev.campfire.realtime.signals;

/** Somebody who types in a conversation. */
record TypistKey(TypingRoom room, String id) {}
