package dev.campfire.realtime.benchmarks.client;

/** Takes what a reader of changes has received, whatever kind of reader it is. Called by one thread. */
@FunctionalInterface
public interface Receiver {

    /**
     * Takes one change. The bytes are lent for the call.
     *
     * @param at {@link System#nanoTime()} right after the read that completed it
     */
    void received(long at, byte[] buffer, int from, int to);
}
