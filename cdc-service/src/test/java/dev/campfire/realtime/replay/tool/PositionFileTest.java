package dev.campfire.realtime.replay.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replay remembers between its runs. */
final class PositionFileTest {

    private static final String FIRST = "dbbab000000000015a3ff00000000000";
    private static final String SECOND = "dbbab000000000015a42380000000000";

    @TempDir
    Path folder;

    @Test
    void a_file_that_is_not_there_has_no_position_until_one_is_saved() throws Exception {
        Path file = folder.resolve("position");
        PositionFile position = PositionFile.open(file);
        assertThat(position.position()).isEmpty();
        assertThat(file).doesNotExist();

        position.save(FIRST);
        position.save(SECOND);

        assertThat(position.position()).contains(SECOND);
        assertThat(PositionFile.open(file).position()).contains(SECOND);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void it_is_replaced_as_a_whole_so_that_who_has_it_open_sees_what_was_there() throws Exception {
        Path file = folder.resolve("position");
        PositionFile position = PositionFile.open(file);
        position.save(FIRST);
        try (var reader = Files.newBufferedReader(file)) {
            position.save(SECOND);

            assertThat(reader.readLine()).isEqualTo(FIRST);
        }
    }

    @Test
    void it_is_saved_by_a_thread_that_was_interrupted_to_end_as_well() throws Exception {
        Path file = folder.resolve("position");
        PositionFile position = PositionFile.open(file);
        Thread.currentThread().interrupt();

        position.save(FIRST);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(PositionFile.open(file).position()).contains(FIRST);
    }

    @Test
    void a_file_that_holds_something_else_is_left_alone() throws Exception {
        for (String content : new String[] {"", "secrets", FIRST + FIRST, "x".repeat(100_000)}) {
            Path file = Files.writeString(folder.resolve("other"), content);

            assertThatThrownBy(() -> PositionFile.open(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("holds no position");
            assertThat(Files.readString(file)).isEqualTo(content);
        }
    }

    @Test
    void a_folder_that_is_not_there_is_told_at_once() {
        assertThatThrownBy(() -> PositionFile.open(folder.resolve("missing/position")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist");
    }
}
