package dev.campfire.realtime.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the built jar as a process of its own, whose outputs are kept apart. It never outlives this JVM.
 */
public final class ToolProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Leash leash;
    private final Path out;
    private final Path errors;

    private ToolProcess(Process process, Path out, Path errors) {
        this.process = process;
        this.leash = Leash.onProcess(process.pid());
        this.out = out;
        this.errors = errors;
    }

    /** Starts it with these arguments and, beside what every process needs, these variables. */
    public static ToolProcess start(Map<String, String> variables, List<String> arguments) {
        List<String> command = new ArrayList<>(ServiceProcess.java());
        command.addAll(ClassCache.options());
        command.addAll(List.of("-cp", ServiceProcess.classPath(), ServiceProcess.MAIN));
        command.addAll(arguments);
        Path folder = Repository.newFolder("tool");
        Path out = folder.resolve("out");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
        builder.environment().putAll(variables);
        try {
            return new ToolProcess(builder.start(), out, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came of a command that has ended. */
    public record Result(int status, String out, String errors) {

        public List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Starts it, and waits for its end. */
    public static Result run(Map<String, String> variables, String... arguments) {
        try (ToolProcess tool = start(variables, List.of(arguments))) {
            return tool.await();
        }
    }

    /** What it has printed so far. */
    public String out() {
        return read(out);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end. */
    public Result await() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it still runs: " + read(errors));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        leash.close();
        return new Result(process.exitValue(), read(out), read(errors));
    }

    /** SIGTERM, as Ctrl-C is but for its number, which those who are started in the background do not hear. */
    public Result interrupt() {
        process.destroy();
        return await();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        leash.close();
    }
}
