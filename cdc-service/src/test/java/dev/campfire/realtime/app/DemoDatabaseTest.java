package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a server that an earlier demo left behind. */
@EnabledOnOs(OS.LINUX)
final class DemoDatabaseTest {

    @TempDir
    private Path folder;

    /** A process that the system knows as {@code postgres}, and whose number the demo's file names. */
    private Process leftBehind(Path program) throws Exception {
        Files.createDirectories(program.getParent());
        Files.copy(Path.of("/bin/sh").toRealPath(), program);
        Process process = new ProcessBuilder(program.toString(), "-c", "read line").start();
        Path data = Files.createDirectories(folder.resolve("postgres-" + DemoDatabase.VERSION));
        Files.writeString(data.resolve("postmaster.pid"), process.pid() + "\n" + data + "\n");
        return process;
    }

    @Test
    void it_is_stopped() throws Exception {
        Process own = leftBehind(folder.resolve("binaries/PG/bin/postgres"));

        DemoDatabase.stopLeftover(folder);

        assertThat(own.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void another_server_that_has_its_number_now_is_left_alone() throws Exception {
        Files.createDirectories(folder.resolve("binaries"));
        Process other = leftBehind(folder.resolve("elsewhere/bin/postgres"));
        try {
            DemoDatabase.stopLeftover(folder);

            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroy();
        }
    }

    @Test
    void a_file_without_a_number_is_nobodys() throws Exception {
        Files.createDirectories(folder.resolve("binaries"));
        Path data = Files.createDirectories(folder.resolve("postgres-" + DemoDatabase.VERSION));
        for (String torn : List.of("", "\n", "\0\0\0\0", "12x\n")) {
            Files.writeString(data.resolve("postmaster.pid"), torn);

            DemoDatabase.stopLeftover(folder);
        }
    }
}
