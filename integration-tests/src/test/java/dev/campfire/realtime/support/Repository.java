package dev.campfire.realtime.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this repository that the tests use as a user would. */
public final class Repository {

    private Repository() {}

    public static Path root() {
        Path here = Path.of(System.getProperty("campfire.repository", ".."))
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(here.resolve("publication.sql"))) {
            throw new IllegalStateException("not the repository's root (system property campfire.repository): " + here);
        }
        return here;
    }

    static String read(String file) {
        try {
            return Files.readString(root().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the output of a process goes that a test started. */
    static Path logFile(String name) {
        return output("process-logs").resolve(name + ".log");
    }

    /** A new folder for the data of something that a test starts. */
    static Path newFolder(String name) {
        try {
            return Files.createTempDirectory(output("data"), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder of the build for what tests leave behind. */
    public static Path output(String folder) {
        try {
            return Files.createDirectories(root().resolve("integration-tests/target/" + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The service's jar and its libraries, as the build of cdc-service left them for the launcher. */
    public static List<Path> serviceJars() {
        Path target = root().resolve("cdc-service/target");
        Path jar = target.resolve("cdc-service.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: run `mvn verify`, or package cdc-service first");
        }
        try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
            return Stream.concat(Stream.of(jar), libraries.sorted()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
