package dev.campfire.realtime.mapping.rules;

/** Which image of a changed row is meant. */
public enum Side {
    OLD,
    NEW
}
