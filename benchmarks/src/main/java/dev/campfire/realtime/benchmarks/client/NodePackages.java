package dev.campfire.realtime.benchmarks.client;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The npm packages that the integration tests pin: the benchmarks take the same. */
public final class NodePackages {

    private static final String FOLDER = "integration-tests/src/test/js";

    private NodePackages() {}

    /**
     * The folder with the packages, installed by {@code npm ci} when they are not there.
     *
     * @param log for what npm says
     */
    public static Path install(Path log) throws IOException, InterruptedException {
        Path folder = repository().resolve(FOLDER);
        if (!Files.isDirectory(folder.resolve("node_modules/ws"))) {
            int status = new ProcessBuilder("npm", "ci", "--prefer-offline", "--loglevel=error")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("npm ci failed in " + folder + ": see " + log);
            }
        }
        return folder;
    }

    /** Upwards from where these classes are, or else from the working directory. */
    private static Path repository() throws IOException {
        try {
            URI code = NodePackages.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            for (Path start : new Path[] {Path.of(code), Path.of("").toAbsolutePath()}) {
                for (Path folder = start; folder != null; folder = folder.getParent()) {
                    if (Files.exists(folder.resolve(FOLDER).resolve("package-lock.json"))) {
                        return folder;
                    }
                }
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        throw new IOException(FOLDER + " was not found: run this from a clone of the repository");
    }
}
