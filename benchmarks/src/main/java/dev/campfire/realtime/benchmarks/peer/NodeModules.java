package dev.campfire.realtime.benchmarks.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.benchmarks.subject.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Packages of npm that somebody has installed.
 *
 * @param folder the folder {@code node_modules}
 */
public record NodeModules(Path folder) {

    /** The variable that names the folder in which {@code npm install} was run. */
    public static final String VARIABLE = "CAMPFIRE_BENCH_NPM";

    /** Where the variable says, or else in the working directory. */
    public static NodeModules find() {
        String place = System.getenv(VARIABLE);
        return new NodeModules(
                Path.of(place == null ? "" : place).toAbsolutePath().resolve("node_modules"));
    }

    /** The installed version of a package. */
    Optional<String> version(String name) {
        Path description = folder.resolve(name).resolve("package.json");
        if (!Files.exists(description)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectMapper()
                    .readTree(description.toFile())
                    .path("version")
                    .asText());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A program that a package brings, or else that is on the PATH. */
    Optional<Path> program(String name) {
        Path own = folder.resolve(".bin").resolve(name);
        return Files.isExecutable(own) ? Optional.of(own) : Programs.find(name);
    }
}
