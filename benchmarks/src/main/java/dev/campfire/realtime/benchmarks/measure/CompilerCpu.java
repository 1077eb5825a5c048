package dev.campfire.realtime.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** The processor time of the threads of a Java process that compile, as {@link ProcessCpu} counts it. */
public final class CompilerCpu {

    // Linux cuts a thread's name after 15 characters, also that of "C2 CompilerThread0".
    private static final String NAME = " CompilerThre";

    private final Path threads;

    public CompilerCpu(long pid) {
        this.threads = Path.of("/proc", Long.toString(pid), "task");
    }

    /** What those that there are now have used since they started. */
    public Duration used() {
        Duration sum = Duration.ZERO;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
            for (Path thread : all) {
                sum = sum.plus(usedBy(thread));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the process that is measured has ended, or this is no Linux", e);
        }
        return sum;
    }

    private static Duration usedBy(Path thread) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.substring(0, stat.lastIndexOf(')')).endsWith(NAME) ? ProcessCpu.parse(stat) : Duration.ZERO;
        } catch (NoSuchFileException e) {
            return Duration.ZERO;
        } catch (IOException e) {
            // A thread that ends while it is read is not there any more.
            if (Files.exists(thread)) {
                throw e;
            }
            return Duration.ZERO;
        }
    }
}
