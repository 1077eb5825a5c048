package dev.campfire.realtime.identity;

/** What came of looking at a token. */
public sealed interface Verification {

    /** The token is good now. */
    record Accepted(Claims claims) implements Verification {}

    /** The token is not good, for this reason. */
    record Refused(Rejection rejection) implements Verification {}
}
