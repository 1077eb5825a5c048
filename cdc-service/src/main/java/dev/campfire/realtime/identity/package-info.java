/** Tokens, claims and keys: who a client says it is, verified. */
@NullMarked
package dev.campfire.realtime.identity;

import org.jspecify.annotations.NullMarked;
