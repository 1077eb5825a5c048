package dev.campfire.realtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NumberTableTest {

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void knows_what_was_put_last_whatever_the_names() {
        long seed = Long.getLong("numbers.seed", System.nanoTime());
        System.out.println("numbers.seed=" + seed);
        Random random = new Random(seed);
        NumberTable table = new NumberTable(1_000_000);
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String name = "x".repeat(random.nextInt(20)) + random.nextInt(30_000);
            Long known = expected.get(name);
            assertThat(table.get(name(name))).as(name).isEqualTo(known == null ? NumberTable.NONE : known);
            if (random.nextBoolean()) {
                long number = random.nextLong() >>> 1;
                table.put(name(name), number);
                expected.put(name, number);
            }
        }
        expected.forEach((name, number) -> assertThat(table.get(name(name))).isEqualTo(number));
        assertThat(table.forgotten()).isZero();
    }

    @Test
    void a_name_that_begins_as_another_does_and_one_without_letters_are_names_of_their_own() {
        NumberTable table = new NumberTable(10);
        table.put(name(""), 1);
        table.put(name("\0"), 2);
        table.put(name("\0\0"), 3);
        table.put(name("12345678"), 4);
        table.put(name("12345678\0"), 5);

        assertThat(table.get(name(""))).isEqualTo(1);
        assertThat(table.get(name("\0"))).isEqualTo(2);
        assertThat(table.get(name("\0\0"))).isEqualTo(3);
        assertThat(table.get(name("12345678"))).isEqualTo(4);
        assertThat(table.get(name("12345678\0"))).isEqualTo(5);
        assertThat(table.get(name("1234567"))).isEqualTo(NumberTable.NONE);
    }

    @Test
    void what_was_not_looked_at_for_longest_is_forgotten() {
        NumberTable table = new NumberTable(100);
        table.put(name("asked"), 7);
        table.put(name("left"), 8);
        for (int i = 0; i < 1000; i++) {
            table.put(name("other" + i), i);
            assertThat(table.get(name("asked"))).isEqualTo(7);
        }

        assertThat(table.get(name("left"))).isEqualTo(NumberTable.NONE);
        assertThat(table.get(name("other999"))).isEqualTo(999);
        assertThat(table.get(name("other950"))).isEqualTo(950);
        assertThat(table.forgotten()).isBetween(9L, 11L);

        table.clear();
        assertThat(table.get(name("asked"))).isEqualTo(NumberTable.NONE);
        assertThat(table.forgotten()).isBetween(10L, 12L);
    }

    @Test
    void long_names_do_not_take_more_room_than_there_is() {
        NumberTable table = new NumberTable(1_000_000);
        String end = "x".repeat(1 << 20);
        for (int i = 0; i < 40; i++) {
            table.put(name(i + end), i);
        }
        assertThat(table.get(name(39 + end))).isEqualTo(39);
        assertThat(table.get(name(0 + end))).isEqualTo(NumberTable.NONE);
    }
}
