package dev.campfire.realtime.benchmarks.subject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Java's collector, as the launcher and the image choose it. That depends on how many processors there are, so their script is
 * asked where the subject is going to run.
 */
public final class CollectorChoice {

    private CollectorChoice() {}

    /**
     * The options, and behind them those of the collector, unless one is among them.
     *
     * @param script {@code docker/collector.sh}
     */
    public static List<String> added(List<String> options, Cores cores, Path script)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(cores.prefixOfSubject());
        line.addAll(List.of(
                "bash", "-c", ". \"$0\"; collector_options \"$1\"", script.toString(), String.join(" ", options)));
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
        // What is measured is started with no more of the environment.
        builder.environment().keySet().retainAll(List.of("PATH"));
        Process process = builder.start();
        String chosen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(script + " could not choose a collector");
        }
        List<String> all = new ArrayList<>(options);
        chosen.lines().forEach(all::add);
        return all;
    }
}
