/**
 * Tokens, claims and keys: who a client says it is, verified.
 *
 * <p>A token's text flows in, as it came from a query parameter, a header or a message; {@link
 * dev.campfire.realtime.identity.Claims} flow out, or a {@link dev.campfire.realtime.identity.Rejection} with the texts
 * that Supabase's clients know. Nothing here blocks, keeps state or logs: every class is safe for use by several threads.
 */
@NullMarked
package dev.campfire.realtime.identity;

import org.jspecify.annotations.NullMarked;
