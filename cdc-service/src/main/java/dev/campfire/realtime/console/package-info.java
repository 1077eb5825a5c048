/**
 * What the console shows: a sample of all counters each second, kept for some minutes; the slot, which Postgres is asked
 * about only while somebody looks; the channels and their subscribers. It reads what others count for themselves, on a thread of its
 * own, and the live path knows nothing of it but a clock at its end.
 */
@NullMarked
package dev.campfire.realtime.console;

import org.jspecify.annotations.NullMarked;
