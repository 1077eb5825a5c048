package dev.campfire.realtime.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class BackgroundWorkTest {

    private static final String USUAL = "0, policy 0";
    private static final String NICE = "10, policy 0";
    private static final String SPARE = "19, policy 0";

    private final BackgroundWork work = new BackgroundWork("test", 4);

    /** What {@code proc(5)} says of the thread that it runs on: the fields 19 and 41, the name being the second. */
    private static String niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return fields[16] + ", policy " + fields[38];
    }

    @Test
    void what_comes_alone_is_sure_of_its_part_each_time() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(work.call(BackgroundWorkTest::niceness)).isEqualTo(NICE);
        }
    }

    @Test
    void of_several_one_is_sure_and_the_others_have_what_is_left() throws Exception {
        CountDownLatch all = new CountDownLatch(4);
        List<Future<String>> pieces = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                pieces.add(callers.submit(() -> work.call(() -> {
                    all.countDown();
                    all.await();
                    return niceness();
                })));
            }
        }

        assertThat(pieces).extracting(Future::resultNow).containsExactlyInAnyOrder(NICE, SPARE, SPARE, SPARE);
    }

    @Test
    void a_short_piece_that_comes_alone_gives_way_to_nobody() throws Exception {
        assertThat(work.callSoon(BackgroundWorkTest::niceness)).isEqualTo(USUAL);
        assertThat(work.callSoon(BackgroundWorkTest::niceness)).isEqualTo(USUAL);
        assertThat(work.call(BackgroundWorkTest::niceness)).isEqualTo(NICE);
    }

    @Test
    @Timeout(20)
    void in_a_crowd_a_short_piece_is_like_all_others() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> other = callers.submit(() -> work.callSoon(() -> {
                begun.countDown();
                end.await();
                return niceness();
            }));
            begun.await();

            try {
                assertThat(work.callSoon(BackgroundWorkTest::niceness)).isEqualTo(NICE);
            } finally {
                end.countDown();
            }
            assertThat(other.get()).isEqualTo(USUAL);
        }
        assertThat(work.callSoon(BackgroundWorkTest::niceness)).isEqualTo(USUAL);
    }

    @Test
    void work_that_fails_leaves_its_place_to_the_next() throws Exception {
        assertThatThrownBy(() -> work.call(() -> {
                    throw new IOException("broken");
                }))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);

        assertThat(work.call(BackgroundWorkTest::niceness)).isEqualTo(NICE);
    }
}
