package dev.campfire.realtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.mapping.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NumberingTest {

    private static final IndexKey ROOM = IndexKey.channel("room", true);
    private static final IndexKey HALL = IndexKey.channel("hall", true);

    private final Map<IndexKey, Long> known = new HashMap<>(Map.of(ROOM, 41L));
    private final List<IndexKey> asked = new ArrayList<>();
    private final Numbering numbering = new Numbering(
            channel -> {
                asked.add(channel);
                return known.getOrDefault(channel, 0L);
            },
            known::put);

    private static List<Long> numbers(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.events().stream())
                .map(Event::sequence)
                .toList();
    }

    @Test
    void each_channel_goes_on_from_its_last_number_and_is_asked_about_once_for_all_that_come_together() {
        List<JournalEntry> entries = List.of(
                Sample.row(100, 0, "1", "room", "hall"),
                Sample.broadcast(100, "of-nobody", "room", true),
                Sample.row(101, 0, "2", "room"));

        assertThat(numbers(numbering.number(entries))).containsExactly(42L, 1L, 43L, 44L);
        assertThat(numbers(numbering.number(List.of(Sample.row(102, 0, "3", "hall", "room")))))
                .containsExactly(2L, 45L);

        assertThat(asked).containsExactlyInAnyOrder(ROOM, HALL, ROOM, HALL);
        assertThat(known).isEqualTo(Map.of(ROOM, 45L, HALL, 2L));
    }

    @Test
    void a_channel_whose_number_is_not_known_gets_none_and_none_is_told() {
        known.put(HALL, Numbering.UNKNOWN);

        List<JournalEntry> entries = numbering.number(
                List.of(Sample.row(100, 0, "1", "hall", "room"), Sample.row(101, 0, "2", "hall", "room")));

        assertThat(numbers(entries)).containsExactly(0L, 42L, 0L, 43L);
        assertThat(known).isEqualTo(Map.of(ROOM, 43L, HALL, Numbering.UNKNOWN));
    }
}
