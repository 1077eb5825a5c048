package dev.campfire.realtime.benchmarks.subject;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How everything that is measured is started: a Java process with the class path of this one, on the subject's processors
 * and with one set of options for all, because a comparison of differently tuned processes says nothing.
 */
public final class ChildJvm {

    private static final int SECONDS_TO_END = 6;

    private final Path java;
    private final Cores cores;
    private final List<String> options;
    private final Path logs;
    private final Path scratch;

    /**
     * @param options of the Java virtual machine, for all alike
     * @param logs the folder for what the processes print
     * @param scratch the folder for what they keep, deleted by its owner when all have ended
     */
    public ChildJvm(Cores cores, List<String> options, Path logs, Path scratch) {
        this(Path.of(System.getProperty("java.home")), cores, options, logs, scratch);
    }

    private ChildJvm(Path java, Cores cores, List<String> options, Path logs, Path scratch) {
        this.java = java;
        this.cores = cores;
        this.options = List.copyOf(options);
        this.logs = logs;
        this.scratch = scratch.toAbsolutePath();
    }

    /** The same on another Java. */
    ChildJvm on(Path otherJava) {
        return new ChildJvm(otherJava, cores, options, logs, scratch);
    }

    /** The options of the Java virtual machine that all have. */
    public List<String> options() {
        return options;
    }

    /** The file for what a process of this name prints. */
    public Path log(String name) throws IOException {
        Files.createDirectories(logs);
        return logs.resolve(name + ".log");
    }

    /** The folder for what the processes keep, as an absolute path. */
    Path scratch() {
        return scratch;
    }

    /**
     * @param more options of this process alone, such as system properties
     * @param command the main class and its arguments
     */
    ProcessBuilder prepare(List<String> more, List<String> command, Map<String, String> environment) {
        List<String> line = new ArrayList<>(cores.prefixOfSubject());
        line.add(java.resolve("bin/java").toString());
        line.addAll(options);
        line.addAll(more);
        line.add("-cp");
        line.add(absoluteClassPath());
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line);
        // A DATABASE_URL or the like around the benchmark must not reach what it measures.
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
        builder.environment().putAll(environment);
        // As the launcher and the image have it.
        builder.environment().put("ROCKSDB_MUSL_LIBC", "false");
        return builder;
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Ends a process gently, and otherwise not. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
