/**
 * From Postgres's logical decoding stream to {@link dev.campfire.realtime.capture.Change}s.
 *
 * <p>What flows in is the publication's stream of one replication slot, read by an embedded Debezium engine; what flows
 * out are batches of changes in commit order, each with an identity that is the same at every redelivery. Everything
 * between the socket and the sink runs on the engine's own threads; the supervisor builds a new engine whenever one
 * ends and never resumes from anything but the slot itself.
 */
@NullMarked
package dev.campfire.realtime.capture;

import org.jspecify.annotations.NullMarked;
