package dev.campfire.realtime.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How nice the threads are that Linux is told about. */
@EnabledOnOs(OS.LINUX)
final class NicenessTest {

    /** In {@code proc(5)} the nineteenth, of which the second, a name in parentheses, may hold spaces. */
    private static final int NICE = 19;

    private static int nicenessOf(int threads) {
        CompletableFuture<Integer> niceness = new CompletableFuture<>();
        Niceness.background("test", threads)
                .newThread(() -> {
                    try {
                        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
                        String[] behindName =
                                stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                        niceness.complete(Integer.parseInt(behindName[NICE - 3]));
                    } catch (IOException e) {
                        niceness.completeExceptionally(new UncheckedIOException(e));
                    }
                })
                .start();
        return niceness.join();
    }

    @Test
    void one_thread_of_the_background_takes_about_a_tenth() {
        assertThat(nicenessOf(1)).isEqualTo(10);
    }

    @Test
    void several_are_so_nice_that_they_share_what_one_would_take() {
        assertThat(nicenessOf(2)).isEqualTo(13);
        assertThat(nicenessOf(8)).isEqualTo(19);
    }

    @Test
    void none_is_nicer_than_linux_lets_it_be() {
        assertThat(nicenessOf(1_000)).isEqualTo(19);
    }
}
