package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.postgres.EmbeddedServer;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a service starts that is not started for the first time: from a cache of classes that are already linked (JEP 483), and
 * with native libraries that lie there unpacked. The launcher does so on the Java that it finds, the image on one that holds
 * only the modules in use.
 */
public final class ServiceImage {

    /** The Dockerfile's own. */
    private static final String LINKING = "jlink.options";

    private final ChildJvm jvm;
    private final List<String> options;

    private ServiceImage(ChildJvm jvm, List<String> options) {
        this.jvm = jvm;
        this.options = options;
    }

    /**
     * As the launcher has it from its second start on.
     *
     * @param folder where its parts go; the caller deletes it
     * @return nothing where Java makes no such cache (JDK 25 does)
     */
    public static Optional<ServiceImage> onSameJava(ChildJvm jvm, Path folder)
            throws IOException, InterruptedException {
        return trained(jvm, folder);
    }

    /**
     * As the image has it.
     *
     * @param folder where its parts go; the caller deletes it
     * @return nothing where Java makes no such cache, or can't be linked anew
     */
    public static Optional<ServiceImage> onOwnJava(ChildJvm jvm, Path folder) throws IOException, InterruptedException {
        // As a process: called from Java it takes no options from a file.
        Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        if (!Files.isExecutable(jlink)) {
            return Optional.empty();
        }
        Files.createDirectories(folder);
        Path linking = folder.resolve(LINKING);
        try (InputStream shipped = ServiceImage.class.getResourceAsStream("/" + LINKING)) {
            if (shipped == null) {
                throw new IOException(LINKING + " is not on the class path");
            }
            Files.copy(shipped, linking);
        }
        Path java = folder.resolve("java");
        int status = new ProcessBuilder(jlink.toString(), "@" + linking, "--output", java.toString())
                .redirectErrorStream(true)
                .redirectOutput(jvm.log("jlink").toFile())
                .start()
                .waitFor();
        if (status != 0) {
            return Optional.empty();
        }
        return trained(jvm.on(java), folder);
    }

    private static Optional<ServiceImage> trained(ChildJvm jvm, Path folder) throws IOException, InterruptedException {
        Path cache = Files.createDirectories(folder).resolve("service.aot");
        // A Java of few modules can't start an embedded one by itself.
        try (EmbeddedServer postgres = EmbeddedServer.start(folder.resolve("postgres"), false)) {
            ServiceProcess.train(jvm, cache, postgres.port());
        }
        if (!Files.exists(cache)) {
            return Optional.empty();
        }
        Path libraries = NativeLibraries.unpack(Files.createDirectories(folder.resolve("native")));
        return Optional.of(new ServiceImage(
                jvm, List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Djava.library.path=" + libraries)));
    }

    /**
     * Starts a service, and returns at once.
     *
     * @param settings variables of its environment besides the necessary ones
     */
    public ServiceProcess launch(PublishedDatabase database, Map<String, String> settings) throws IOException {
        return ServiceProcess.launch(jvm, database, settings, options);
    }
}
