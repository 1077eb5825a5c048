package dev.campfire.realtime.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The launcher {@code ./campfire}, run as a person would. What it starts never outlives this JVM. */
public final class Launcher implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final ProcessOutput output;
    private final Leash leash;

    private Launcher(Process process) {
        this.process = process;
        this.output = new ProcessOutput(process, Repository.logFile("launcher-" + process.pid()));
        this.leash = Leash.onProcess(process.pid());
    }

    /** Runs it with these arguments, and returns at once. */
    public static Launcher run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("campfire").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR", "JAVA_HOME"));
        // What it makes behind the first start would take its time from the tests.
        builder.environment().put("CAMPFIRE_AOT", "off");
        try {
            return new Launcher(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when a line with this text has been printed. */
    public Launcher awaitLine(String text) {
        await("\"" + text + "\" from the launcher")
                .atMost(PATIENCE)
                .failFast("it has ended: " + output.tail(20), () -> !process.isAlive())
                .until(() -> lines().stream().anyMatch(line -> line.contains(text)));
        return this;
    }

    public List<String> lines() {
        return output.lines();
    }

    /** SIGTERM, as Ctrl-C is but for its number; returns the exit status. */
    public int terminate() {
        process.destroy();
        return awaitExit();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Waits for the end, and returns the exit status. */
    public int awaitExit() {
        return awaitExit(PATIENCE);
    }

    /** The same, for what takes its time. */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it still runs; its output ends with " + output.tail(20));
            }
            output.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        leash.close();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        awaitExit();
    }
}
