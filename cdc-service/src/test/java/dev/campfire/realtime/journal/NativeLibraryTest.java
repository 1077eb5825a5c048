package dev.campfire.realtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;

/** Several processes that begin on one directory at the same time. */
final class NativeLibraryTest {

    private static final int PROCESSES = 6;

    @TempDir
    Path folder;

    /** What each process does, when it is told to. */
    public static void main(String[] arguments) throws IOException {
        System.in.read();
        NativeLibrary.load(Path.of(arguments[0]));
    }

    private static String classPath() {
        return Stream.of(NativeLibraryTest.class, NativeLibrary.class, RocksDB.class, Logger.class)
                .map(each -> Path.of(URI.create(each.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void processes_that_begin_on_one_directory_at_the_same_time_all_come_up() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:ErrorFile=" + folder.resolve("crash-%p.log"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath(),
                                NativeLibraryTest.class.getName(),
                                folder.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
            }
            for (Process process : processes) {
                process.getOutputStream().close();
            }
            for (Process process : processes) {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
