package dev.campfire.realtime.phoenix;

/**
 * A message to one client.
 *
 * @param payload JSON text
 */
record ServerMessage(Ref joinRef, Ref ref, String topic, String event, String payload) {}
