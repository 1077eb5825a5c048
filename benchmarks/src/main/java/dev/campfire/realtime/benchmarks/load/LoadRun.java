package dev.campfire.realtime.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What one run of the load came to.
 *
 * @param sent messages published
 * @param delivered messages received by all subscribers together before the publisher stopped
 * @param lost messages that had not come ten seconds later
 * @param dead connections that ended meanwhile
 * @param seconds that the publisher published
 * @param p50 median latency, in milliseconds
 * @param p99 in milliseconds
 * @param max in milliseconds
 * @param cpu of the load itself, in cores
 * @param late whether the publisher fell behind its rate
 */
public record LoadRun(
        long sent,
        long delivered,
        long lost,
        long dead,
        double seconds,
        double p50,
        double p99,
        double max,
        double cpu,
        boolean late) {

    private static final double MICROS_PER_MILLI = 1_000;

    static LoadRun of(JsonNode answer) {
        double seconds = answer.get("seconds").asDouble();
        return new LoadRun(
                answer.get("sent").asLong(),
                answer.get("delivered").asLong(),
                answer.get("lost").asLong(),
                answer.get("dead").asLong(),
                seconds,
                answer.get("p50").asDouble() / MICROS_PER_MILLI,
                answer.get("p99").asDouble() / MICROS_PER_MILLI,
                answer.get("max").asDouble() / MICROS_PER_MILLI,
                answer.get("cpu").asDouble() / seconds,
                answer.get("late").asBoolean());
    }

    /** Messages received per second, all subscribers together. */
    public double rate() {
        return delivered / seconds;
    }
}
