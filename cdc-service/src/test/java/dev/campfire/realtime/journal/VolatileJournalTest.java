package dev.campfire.realtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.ChangeId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VolatileJournalTest {

    private final VolatileJournal journal = new VolatileJournal(lsn -> {});

    @Test
    void holds_nothing_at_first() {
        assertThat(journal.holds(new ChangeId(1, 10, 0))).isFalse();
    }

    @Test
    void holds_the_last_change_and_all_before_it_in_the_order_of_commits() {
        journal.append(List.of(), new ChangeId(1, 10, 5));

        assertThat(journal.holds(new ChangeId(1, 10, 5))).isTrue();
        assertThat(journal.holds(new ChangeId(1, 10, 4))).isTrue();
        assertThat(journal.holds(new ChangeId(1, 9, 700))).isTrue();
        assertThat(journal.holds(new ChangeId(1, 10, 6))).isFalse();
        assertThat(journal.holds(new ChangeId(1, 11, 0))).isFalse();
    }

    @Test
    void knows_nothing_of_another_history_even_at_a_lower_position() {
        journal.append(List.of(), new ChangeId(1, 10, 5));

        assertThat(journal.holds(new ChangeId(2, 3, 0))).isFalse();
    }
}
