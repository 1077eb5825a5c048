package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.replay.Pause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Posts events, one request after the other: an event is acknowledged by an answer between 200 and 299, and the next goes
 * out only then. Whatever goes wrong is tried again, after longer and longer times.
 */
final class Webhook implements Destination, AutoCloseable {

    /** Who is told to end lets the request that is under way be answered. */
    private static final Duration LAST_ANSWER = Duration.ofSeconds(2);

    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    private final WebhookSettings settings;
    private final Backoff backoff;
    private final Pause pause;
    private final Consumer<String> notices;
    private final HttpClient http;
    private final List<Told> waiting = new ArrayList<>();
    private @Nullable String acknowledged;
    private long skipped;

    /** @param notices told what went wrong and is tried again or skipped */
    Webhook(WebhookSettings settings, Backoff backoff, Pause pause, Consumer<String> notices) {
        this.settings = settings;
        this.backoff = backoff;
        this.pause = pause;
        this.notices = notices;
        this.http = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public void take(Told event) throws IOException, InterruptedException {
        waiting.add(event);
        if (waiting.size() >= settings.batch()) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        if (!waiting.isEmpty()) {
            deliver();
            acknowledged = waiting.getLast().position();
            waiting.clear();
        }
    }

    @Override
    public @Nullable String acknowledged() {
        return acknowledged;
    }

    /** How many events the receiver refused and were skipped. */
    long skipped() {
        return skipped;
    }

    private void deliver() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            String failure;
            Duration asked = Duration.ZERO;
            try {
                HttpResponse<?> answer = send(request(attempt));
                int status = answer.statusCode();
                if (status >= 200 && status < 300) {
                    return;
                }
                failure = "answered " + status;
                if (isRefusal(status) && !isRetried(failure)) {
                    return;
                }
                asked = retryAfter(answer);
            } catch (WebhookException e) {
                throw e;
            } catch (IOException e) {
                failure = "failed: " + (e.getMessage() == null ? e.toString() : e.getMessage());
            }
            again(attempt, failure, asked);
        }
    }

    /** Whether a request that was refused is tried again; otherwise it counts as delivered. */
    private boolean isRetried(String failure) throws WebhookException {
        return switch (settings.refusal()) {
            case RETRY -> true;
            case SKIP -> {
                skipped += waiting.size();
                notices.accept("The webhook " + failure + " to " + described() + "; skipped");
                yield false;
            }
            case STOP ->
                throw new WebhookException("The webhook " + failure + " to " + described()
                        + ", which trying again would not mend; --on-4xx says what else may be done.");
        };
    }

    private void again(int attempt, String failure, Duration asked) throws IOException, InterruptedException {
        if (settings.retries() >= 0 && attempt > settings.retries()) {
            throw new WebhookException(
                    "The webhook " + failure + " to " + described() + ", after " + attempt + " tries.");
        }
        Duration own = backoff.after(attempt);
        Duration wait = asked.compareTo(own) > 0 ? asked : own;
        notices.accept("The webhook " + failure + "; trying again in " + wait.toMillis() + " ms");
        pause.pause(wait);
    }

    private String described() {
        return waiting.size() == 1
                ? "the event at " + waiting.getFirst().position()
                : waiting.size() + " events up to " + waiting.getLast().position();
    }

    private static boolean isRefusal(int status) {
        return status >= 300 && status < 500 && status != 408 && status != 425 && status != 429;
    }

    private static Duration retryAfter(HttpResponse<?> answer) {
        String text = answer.headers().firstValue("retry-after").orElse("");
        boolean isNumber = !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        Duration asked = isNumber ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }

    private HttpRequest request(int attempt) {
        String position = waiting.getLast().position();
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.address())
                .timeout(settings.timeout())
                .header("content-type", "application/json")
                .header("idempotency-key", position)
                .header("x-campfire-position", position)
                .header("x-campfire-events", Integer.toString(waiting.size()))
                .header("x-campfire-attempt", Integer.toString(attempt));
        settings.headers().forEach(request::setHeader);
        return request.POST(HttpRequest.BodyPublishers.ofByteArray(body())).build();
    }

    private byte[] body() {
        if (settings.batch() == 1) {
            return waiting.getFirst().json();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        char before = '[';
        for (Told event : waiting) {
            out.write(before);
            out.writeBytes(event.json());
            before = ',';
        }
        out.write(']');
        return out.toByteArray();
    }

    private HttpResponse<Void> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get();
        } catch (InterruptedException e) {
            // Without this the receiver would get once more what it has just taken.
            HttpResponse<Void> last = last(answer);
            Thread.currentThread().interrupt();
            return last;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static HttpResponse<Void> last(CompletableFuture<HttpResponse<Void>> answer)
            throws IOException, InterruptedException {
        try {
            return answer.get(LAST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new InterruptedException();
        }
    }

    private static IOException failure(ExecutionException e) {
        return e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** What was to be delivered can't be. */
    static final class WebhookException extends IOException {
        private static final long serialVersionUID = 1;

        WebhookException(String message) {
            super(message);
        }
    }
}
