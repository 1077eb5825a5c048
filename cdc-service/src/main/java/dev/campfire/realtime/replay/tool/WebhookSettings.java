package dev.campfire.realtime.replay.tool;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where events are posted, and how patiently.
 *
 * @param headers sent with each request
 * @param batch how many events a request has at most; with 1 the body is the event, with more an array of events
 * @param timeout how long an answer is awaited
 * @param retries how often a request is tried again; negative for as often as it takes
 * @param longestRetry the longest time between two tries
 * @param refusal what is done when the receiver says that a request is wrong
 */
public record WebhookSettings(
        URI address,
        Map<String, String> headers,
        int batch,
        Duration timeout,
        int retries,
        Duration longestRetry,
        Refusal refusal) {

    /** What is done with an answer between 300 and 499, but for 408, 425 and 429, which are tried again. */
    public enum Refusal {
        /** The tool ends there. */
        STOP,
        /** The request counts as acknowledged, and is told of. */
        SKIP,
        /** It is tried again like all others. */
        RETRY
    }

    public WebhookSettings {
        headers = Map.copyOf(headers);
    }
}
