package dev.campfire.realtime.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code ./campfire demo}, run as a newcomer would, with a Postgres and data of its own. */
public final class Demo implements AutoCloseable {

    private static final int ATTEMPTS = 3;

    private final Path data;
    private final int port;
    private final Launcher launcher;

    private Demo(Path data, int port) {
        this.data = data;
        this.port = port;
        this.launcher = Launcher.run(
                "demo", "--port", "" + port, "--pg-port", "" + FreePort.choose(), "--data", data.toString());
    }

    /**
     * Returns when it is ready. It unpacks a Postgres first, which takes long enough for somebody else to take the port
     * that was free: then it is tried again.
     */
    static Demo start() {
        for (int attempt = 1; ; attempt++) {
            Demo demo = new Demo(newDirectory(), FreePort.choose());
            try {
                demo.launcher.awaitLine("Ctrl-C ends both");
                assertThat(demo.launcher.lines())
                        .anyMatch(line -> line.contains("Demo page") && line.contains(demo.url()));
                return demo;
            } catch (RuntimeException e) {
                demo.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("campfire-demo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Of its page. */
    public String url() {
        return urlOf(port);
    }

    /** Of its page, when the service is reached through another port. */
    public static String urlOf(int port) {
        return "http://localhost:" + port + "/demo";
    }

    @Override
    public void close() {
        launcher.close();
        DirectoryTree.delete(data);
    }
}
