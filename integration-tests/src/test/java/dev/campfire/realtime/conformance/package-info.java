/**
 * The protocol statement by statement, over a raw socket, in both of its versions: each case is a sentence of the
 * protocol's description and a small script that finds out whether it holds here. Where this service differs on purpose,
 * the case holds it to what it does instead and says so. What they find is collected in {@link Ledger} and becomes {@code
 * docs/compatibility.md}.
 */
@NullMarked
package dev.campfire.realtime.conformance;

import org.jspecify.annotations.NullMarked;
