package dev.campfire.realtime.access.rows;

/** Whether this one sees that image. */
record Case(Projection image, Seer seer) {}
