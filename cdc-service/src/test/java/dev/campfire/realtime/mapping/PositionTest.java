package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.ChangeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PositionTest {

    @Test
    void is_written_as_history_commit_index_and_ordinal_in_32_hexadecimal_digits() {
        Position position = new Position(new ChangeId(0xabc123, 0x1551800, 0x2f), 3);

        assertThat(position.toString()).isEqualTo("abc123" + "0000000001551800" + "0000002f" + "03");
    }

    @Test
    void sorts_as_text_as_the_events_do() {
        List<Position> inOrder = List.of(
                position(0, 0, 0),
                position(0x0f, 0, 0),
                position(0x10, 0, 0),
                position(0x10, 0, 1),
                position(0x10, 9, 0),
                position(0x10, 10, 0),
                position(0x10, Integer.MAX_VALUE, 255),
                position(0x11, 0, 0),
                position(Long.MAX_VALUE, 0, 0),
                position(-1L, 0, 0));

        List<Position> byText = new ArrayList<>(inOrder.reversed());
        byText.sort(Comparator.comparing(Position::toString));
        List<Position> byValue = new ArrayList<>(inOrder.reversed());
        byValue.sort(Comparator.naturalOrder());

        assertThat(byText).isEqualTo(inOrder);
        assertThat(byValue).isEqualTo(inOrder);
    }

    private static Position position(long commit, int index, int ordinal) {
        return new Position(new ChangeId(1, commit, index), ordinal);
    }
}
