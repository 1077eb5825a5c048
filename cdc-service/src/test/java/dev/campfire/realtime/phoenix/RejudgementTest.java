package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order and how many at a time joins are judged again. */
final class RejudgementTest {

    private final Rejudgement rejudgement = new Rejudgement();
    private final List<String> asked = new ArrayList<>();
    private final List<Runnable> outstanding = new ArrayList<>();

    private void add(String name, boolean isSuspect) {
        rejudgement.add(
                done -> {
                    asked.add(name);
                    outstanding.add(done);
                },
                isSuspect);
    }

    @Test
    void a_few_are_asked_about_at_a_time_and_those_who_are_likely_to_be_concerned_come_first() {
        for (int i = 0; i < 6; i++) {
            add("other " + i, false);
        }
        add("suspect", true);
        assertThat(asked).containsExactly("other 0", "other 1", "other 2", "other 3");

        outstanding.removeFirst().run();
        outstanding.removeFirst().run();
        assertThat(asked).endsWith("suspect", "other 4");
        while (!outstanding.isEmpty()) {
            outstanding.removeFirst().run();
        }

        assertThat(asked).hasSize(7).doesNotHaveDuplicates();
    }
}
