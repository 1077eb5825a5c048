package dev.campfire.realtime.benchmarks.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A folder for what nobody wants to see afterwards: databases, journals, caches. Deleted with all that is in it by {@link #close}. */
public final class ScratchFolder implements AutoCloseable {

    private static final int TRIES = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Path path;

    private ScratchFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes it.
     *
     * @param parent created when it is not there, and left
     */
    public static ScratchFolder in(Path parent) throws IOException {
        Files.createDirectories(parent);
        return new ScratchFolder(Files.createTempDirectory(parent, "scratch"));
    }

    public Path path() {
        return path;
    }

    /** @throws IOException when something of it is still there after several tries */
    @Override
    public void close() throws IOException {
        for (int tries = 1; Files.exists(path); tries++) {
            try {
                delete();
            } catch (IOException | UncheckedIOException e) {
                // The children of a process that has ended may still write for a moment.
                if (tries == TRIES) {
                    throw new IOException("left behind: " + path, e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void delete() throws IOException {
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(path)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.deleteIfExists(each);
        }
    }
}
