package dev.campfire.realtime.app;

import dev.campfire.realtime.replay.tool.WebhookSettings;
import dev.campfire.realtime.replay.tool.WebhookSettings.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How events are posted. */
final class WebhookOptions {

    private static final int LARGEST_BATCH = 10_000;
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*([ -~]*)");

    @Option(
            names = "--webhook",
            paramLabel = "URL",
            description = "Posts each event to this address, one after the other; 2xx acknowledges it.")
    private @Nullable URI address;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Posts arrays of up to N events instead of single ones; fewer when no more are at hand.")
    private int batch = 1;

    @Option(
            names = "--header",
            paramLabel = "NAME:VALUE",
            description = "A header of each request, such as Authorization; repeatable.")
    private List<String> headers = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long an answer is awaited. Default: ${DEFAULT-VALUE}.")
    private String timeout = "10s";

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "How often a request is tried again before the tool gives up; -1 for ever. Default: ${DEFAULT-VALUE}.")
    private int retries = 10;

    @Option(
            names = "--longest-retry",
            paramLabel = "TIME",
            defaultValue = "30s",
            description =
                    "Between tries it waits a random time, at first under half a second and then twice as long each"
                            + " time, up to this. Default: ${DEFAULT-VALUE}.")
    private String longestRetry = "30s";

    @Option(
            names = "--on-4xx",
            paramLabel = "WHAT",
            defaultValue = "stop",
            description =
                    "When the receiver says that the request is wrong (3xx, 4xx): stop there, skip the event and end"
                            + " with status 1, or retry. 408, 425 and 429 are always tried again. Default: ${DEFAULT-VALUE}.")
    private Refusal refusal = Refusal.STOP;

    boolean isGiven() {
        return address != null;
    }

    WebhookSettings settings(CommandLine command) {
        URI given = address;
        if (given == null
                || !List.of("http", "https").contains(String.valueOf(given.getScheme()))
                || given.getHost() == null) {
            throw new ParameterException(command, "--webhook must be an address that begins with http:// or https://");
        }
        if (batch < 1 || batch > LARGEST_BATCH) {
            throw new ParameterException(command, "--batch must be a number from 1 to " + LARGEST_BATCH);
        }
        if (retries < -1) {
            throw new ParameterException(command, "--retries must be a number from 0 on, or -1");
        }
        return new WebhookSettings(
                given,
                headers(command),
                batch,
                time(command, "--timeout", timeout),
                retries,
                time(command, "--longest-retry", longestRetry),
                refusal);
    }

    private Map<String, String> headers(CommandLine command) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String header : headers) {
            Matcher parts = HEADER.matcher(header);
            if (!parts.matches()) {
                // Its value may be a secret, so it is not said again.
                throw new ParameterException(command, "--header must be a name, a colon and a value");
            }
            named.put(parts.group(1), parts.group(2));
        }
        return named;
    }

    private static Duration time(CommandLine command, String option, String text) {
        try {
            Duration time = Environment.parseDuration(text);
            if (time.isPositive()) {
                return time;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Said below, for both cases.
        }
        throw new ParameterException(command, option + " must be a time such as 500ms, 10s or 2m, not " + text);
    }
}
