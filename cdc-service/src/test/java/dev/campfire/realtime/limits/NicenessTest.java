package dev.campfire.realtime.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How the threads are scheduled that Linux is told about. */
@EnabledOnOs(OS.LINUX)
final class NicenessTest {

    /** In {@code proc(5)} counted from 1; the second, a name in parentheses, may hold spaces. */
    private static final int NICE = 19;

    private static final int POLICY = 41;

    private record Scheduled(int policy, int niceness) {

        static Scheduled current() {
            String stat = stat(Path.of("/proc/thread-self"));
            return new Scheduled(field(stat, POLICY), NicenessTest.niceness(stat));
        }
    }

    /** What Linux says of a thread; nothing of one that has just ended. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }

    private static int niceness(String stat) {
        return field(stat, NICE);
    }

    private static int field(String stat, int number) {
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[number - 3]);
    }

    private static Scheduled of(ThreadFactory threads) {
        CompletableFuture<Scheduled> found = new CompletableFuture<>();
        threads.newThread(() -> found.complete(Scheduled.current())).start();
        return found.join();
    }

    @Test
    void a_thread_of_the_background_takes_about_a_tenth() {
        assertThat(of(Niceness.background("test"))).isEqualTo(new Scheduled(0, 10));
    }

    @Test
    void the_compilers_give_way() throws IOException {
        Niceness.lowerCompilers();

        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            assertThat(threads.map(NicenessTest::stat).filter(stat -> stat.matches("(?s)\\d+ \\(C[12] Comp.*")))
                    .isNotEmpty()
                    .allSatisfy(stat -> assertThat(niceness(stat)).isEqualTo(5));
        }
    }

    @Test
    void one_that_has_what_is_left_is_sure_of_some_of_it() {
        assertThat(of(Niceness.spare("test"))).isEqualTo(new Scheduled(0, 19));
    }
}
