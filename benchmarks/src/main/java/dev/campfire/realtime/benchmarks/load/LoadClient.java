package dev.campfire.realtime.benchmarks.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Locale;

/** Subscribers of one server and who publishes to them: a process that obeys. For one thread. */
public final class LoadClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What opening sockets came to.
     *
     * @param subscribers how many there are now
     * @param seconds how long the new ones took
     */
    public record Connected(int subscribers, double seconds) {}

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;
    private final String title;

    /** @param title what is loaded, for messages */
    LoadClient(Process process, String title) {
        this.process = process;
        this.orders = process.outputWriter();
        this.answers = process.inputReader();
        this.title = title;
    }

    /**
     * Opens sockets until so many are subscribed.
     *
     * @throws IOException also when one of them was refused
     */
    public Connected connect(int subscribers) throws IOException {
        JsonNode answer = order("connect " + subscribers);
        int ready = answer.get("ready").asInt();
        if (ready < subscribers) {
            throw new IOException(title + " let in only " + ready + " of " + subscribers
                    + " subscribers; what was answered is in the log (ulimit -n limits both sides)");
        }
        return new Connected(ready, answer.get("seconds").asDouble());
    }

    /** Publishes at a steady rate of messages per second, whatever happens to them. */
    public LoadRun openLoop(double messagesPerSecond, Duration time) throws IOException {
        return LoadRun.of(order(String.format(Locale.ROOT, "run %f 0 %d", messagesPerSecond, time.toMillis())));
    }

    /** Publishes as fast as the subscribers receive: always so many messages are on their way. */
    public LoadRun closedLoop(int window, Duration time) throws IOException {
        return LoadRun.of(order("run 0 " + window + " " + time.toMillis()));
    }

    /** Begins to count what others publish. */
    public void expect() throws IOException {
        order("expect");
    }

    /** Waits for so many messages since {@link #expect}. */
    public LoadRun await(long messages, Duration patience) throws IOException {
        return LoadRun.of(order("await " + messages + " " + patience.toMillis()));
    }

    /** Lets so many of the subscribers read nothing any more; they count for nothing from now on. */
    public void stall(int subscribers) throws IOException {
        order("stall " + subscribers);
    }

    /** Lets everybody track a presence at once, and waits until everybody knows of everybody. */
    public LoadRun track(Duration patience) throws IOException {
        return LoadRun.of(order("track " + patience.toMillis()));
    }

    /** Lets one after another track a new presence, so many per second. */
    public LoadRun hop(double perSecond, Duration time) throws IOException {
        return LoadRun.of(order(String.format(Locale.ROOT, "hop %f %d", perSecond, time.toMillis())));
    }

    private JsonNode order(String line) throws IOException {
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new IOException("the load on " + title + " has ended: see its log", e);
        }
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the load on " + title + " ended at \"" + line + "\": see its log");
        }
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IOException("the load on " + title + " answered " + answer, e);
        }
    }

    @Override
    public void close() {
        // Its sockets end with it.
        process.destroyForcibly();
    }
}
