package dev.campfire.realtime.conformance;

import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Where it is written down what has been tried and what came of it; one file for each run of the tests. */
final class Ledger {

    private Ledger() {}

    /** @param variant the versions that it was tried in */
    static synchronized void note(String id, String variant, boolean hasPassed) {
        Path file = file();
        String line = Json.write(Map.of("id", id, "variant", variant, "passed", hasPassed)) + "\n";
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has been noted in this run. */
    static synchronized List<String> lines() throws IOException {
        Path file = file();
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static Path file() {
        return folder().resolve("run-" + ProcessHandle.current().pid() + ".jsonl");
    }

    private static Path folder() {
        return Repository.output("compatibility");
    }
}
