package dev.campfire.realtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does with what an exchange of directories has left, that was cut off. */
final class JournalFolderTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Path fresh;
    private Path former;

    @BeforeEach
    void name() {
        folder = temporary.resolve("journal");
        fresh = temporary.resolve("journal.salvaged");
        former = temporary.resolve("journal.former");
    }

    /** A store whose directory says which one it is. */
    private static void store(Path place, String name) throws Exception {
        Files.createDirectory(place);
        Store.open(place, "postgres", Store.Mode.WRITE).close();
        Files.createFile(place.resolve(name));
    }

    private void start() throws Exception {
        JournalFolder.make(folder);
        Store store = JournalFolder.openFirst(folder, "postgres");
        assertThat(store).isNotNull();
        store.close();
    }

    private void assertThatOnlyIsLeft(String name) throws IOException {
        assertThat(folder.resolve(name)).exists();
        try (Stream<Path> all = Files.list(temporary)) {
            assertThat(all).containsExactly(folder);
        }
    }

    @Test
    void several_are_set_aside_in_one_second_under_names_of_their_own() throws Exception {
        for (int i = 0; i < 5; i++) {
            JournalFolder.make(folder);
            Files.writeString(folder.resolve("content"), "journal " + i);
            JournalFolder.setAside(folder, "it is a test");
        }

        try (var files = Files.list(folder.getParent())) {
            assertThat(files.filter(path -> path.getFileName().toString().contains(".damaged-")))
                    .hasSize(5)
                    .allMatch(path -> Files.exists(path.resolve("content")));
        }
    }

    @Test
    void files_that_were_still_being_carried_are_not_taken() throws Exception {
        store(folder, "damaged");
        store(fresh, "carried");

        start();

        assertThatOnlyIsLeft("damaged");
    }

    @Test
    void files_that_were_about_to_take_their_place_take_it() throws Exception {
        store(former, "damaged");
        store(fresh, "carried");

        start();

        assertThatOnlyIsLeft("carried");
    }

    @Test
    void files_that_have_taken_their_place_stay() throws Exception {
        store(folder, "carried");
        store(former, "damaged");

        start();

        assertThatOnlyIsLeft("carried");
    }

    @Test
    void damaged_files_are_better_than_none() throws Exception {
        store(former, "damaged");

        start();

        assertThatOnlyIsLeft("damaged");
    }

    @Test
    void nothing_is_touched_while_another_process_is_at_it() throws Exception {
        store(former, "damaged");
        store(fresh, "carried");
        // The store's own lock is nobody's while directories are exchanged.
        try (SyncMark held = SyncMark.in(fresh)) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("in use by another process");
        }

        assertThat(former.resolve("damaged")).exists();
        assertThat(fresh.resolve("carried")).exists();
    }
}
