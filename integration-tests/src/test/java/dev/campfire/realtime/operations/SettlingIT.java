package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a service leaves until it serves is done, though nobody comes and nothing changes. */
@ExtendWith(SharedBackend.class)
class SettlingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Backend backend;

    SettlingIT(Backend backend) {
        this.backend = backend;
    }

    @Test
    void what_does_not_fit_of_the_built_in_rules_is_said() {
        try (Database database = Database.create(backend.server())) {
            database.execute("ALTER TABLE public.messages DROP COLUMN status CASCADE");
            try (ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy()) {
                assertThat(service.awaitLog("undefined column 'status'")).contains("is off");
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_compilers_give_way() {
        try (Database database = Database.create(backend.server());
                ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy()) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(nicenessOfCompilers(service.pid()))
                    .isNotEmpty()
                    .containsOnly(5));
        }
    }

    private static List<Integer> nicenessOfCompilers(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.map(SettlingIT::stat)
                    .filter(stat -> stat.matches("(?s)\\d+ \\(C[12] Comp.*"))
                    .map(stat -> Integer.valueOf(
                            stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]))
                    .toList();
        }
    }

    /** See {@code proc(5)}; nothing of a thread that has just ended. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }
}
