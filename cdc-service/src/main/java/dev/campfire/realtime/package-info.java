/** Campfire Realtime: a realtime backend for an existing Postgres. */
@NullMarked
package dev.campfire.realtime;

import org.jspecify.annotations.NullMarked;
