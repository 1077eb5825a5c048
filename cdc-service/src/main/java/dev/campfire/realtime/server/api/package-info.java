/**
 * What is answered over plain HTTP beside health: broadcasts, the tenant API, metrics, and the description of all that.
 *
 * <p>Paths, statuses and bodies are Supabase Realtime's. Endpoints are called on event loops and block nowhere; what has
 * to be asked of the database completes later.
 */
@NullMarked
package dev.campfire.realtime.server.api;

import org.jspecify.annotations.NullMarked;
