package dev.campfire.realtime.mapping.rules;

/** Which image of a changed row is meant. */
enum Side {
    OLD,
    NEW
}
