/**
 * What the integration tests stand on: a real Postgres, the service as a process of its own, the real supabase-js, raw
 * sockets, and the means to break each of them.
 *
 * <p>Nothing here uses the service's classes: names, tokens and frames are written out, so that a mistake in the
 * service can't hide behind the same mistake in its test.
 */
@NullMarked
package dev.campfire.realtime.support;

import org.jspecify.annotations.NullMarked;
