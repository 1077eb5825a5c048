package dev.campfire.realtime.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects what a process prints, line by line, on a thread of its own, and keeps it in a file for later reading. */
final class ProcessOutput {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    /** @param file where the lines go too */
    ProcessOutput(Process process, Path file) {
        this.reader = Thread.ofPlatform().name("process-output").daemon().start(() -> {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                    PrintWriter copy = new PrintWriter(Files.newBufferedWriter(file), true)) {
                String line;
                while ((line = output.readLine()) != null) {
                    lines.add(line);
                    copy.println(line);
                }
            } catch (IOException e) {
                // The stream is closed under the reader when the process is killed.
                lines.add("[output ended: " + e.getMessage() + "]");
            }
        });
    }

    /** All lines so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** The last lines, for a failure's message. */
    String tail(int count) {
        List<String> all = lines();
        return String.join("\n", all.subList(Math.max(0, all.size() - count), all.size()));
    }

    /** Returns when the process's output has ended. */
    void awaitEnd() throws InterruptedException {
        reader.join();
    }
}
