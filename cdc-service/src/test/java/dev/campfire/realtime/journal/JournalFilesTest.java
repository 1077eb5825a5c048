package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.id;
import static dev.campfire.realtime.journal.Sample.row;
import static dev.campfire.realtime.journal.Sample.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a journal: cut, refused, set aside, and looked through. */
final class JournalFilesTest {

    private static final String CHANNEL = "org:o:conv:c";

    @TempDir
    Path temporary;

    private Path folder;
    private RocksJournal journal;

    @BeforeEach
    void open() throws Exception {
        folder = temporary.resolve("journal");
        journal = open(folder, "postgres");
        journal.begin(start(5));
    }

    private static RocksJournal open(Path at, String owner) throws JournalException {
        return RocksJournal.open(JournalSettings.in(at), owner, InstantSource.system(), lsn -> {}, () -> {});
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void append(JournalEntry... entries) {
        journal.append(List.of(entries), entries[entries.length - 1].change().id());
    }

    private List<String> positions() throws IOException {
        return journal.reader().read(Selection.channel(CHANNEL, true), ReadPoint.BEGINNING, 100).entries().stream()
                .flatMap(entry -> entry.events().stream())
                .map(event -> event.position().change().commitLsn() + "." + event.sequence())
                .toList();
    }

    @Test
    void a_damaged_tail_is_cut_at_the_last_whole_batch() throws Exception {
        for (int i = 0; i < 20; i++) {
            append(row(10 + i, 0, "r" + i, CHANNEL));
        }
        journal.complete(40);
        journal.sync();
        Path copy = temporary.resolve("copy");
        copy(folder, copy);
        Path wal = newest(copy, ".log");
        try (RandomAccessFile file = new RandomAccessFile(wal.toFile(), "rw")) {
            file.setLength(file.length() - 200);
            file.seek(file.length());
            file.write("nonsense".repeat(10).getBytes(StandardCharsets.US_ASCII));
        }
        journal.close();
        folder = copy;
        journal = open(copy, "postgres");

        List<String> left = positions();
        assertThat(left).isNotEmpty().hasSizeLessThan(20);
        assertThat(left)
                .isEqualTo(IntStream.range(0, left.size())
                        .mapToObj(i -> (10 + i) + "." + (i + 1))
                        .toList());
        assertThat(journal.holds(id(10 + left.size(), 0))).isFalse();
        append(row(10 + left.size(), 0, "again", CHANNEL));
        assertThat(positions()).hasSize(left.size() + 1);
    }

    @Test
    void is_refused_to_a_second_process_to_another_database_and_in_another_format() throws Exception {
        assertThatThrownBy(() -> open(folder, "postgres"))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("in use by another process");
        journal.close();
        assertThatThrownBy(() -> open(folder, "another"))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("holds the events of database postgres");
        try (Store store = Store.open(folder, null, Store.Mode.WRITE)) {
            store.database().put(store.meta(), "format".getBytes(StandardCharsets.US_ASCII), new byte[] {'9'});
        }
        assertThatThrownBy(() -> open(folder, "postgres"))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("has format 9")
                .hasMessageContaining("CAMPFIRE_JOURNAL");
    }

    @Test
    void files_that_are_broken_are_set_aside_and_not_lost() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        journal.close();
        Files.writeString(newest(folder, "CURRENT"), "MANIFEST-999999\n");

        journal = open(folder, "postgres");

        assertThat(positions()).isEmpty();
        try (var files = Files.list(temporary)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("journal.damaged-"));
        }
    }

    @Test
    void a_survey_tells_what_is_there_and_finds_a_block_that_was_changed() throws Exception {
        append(row(10, 0, "1", CHANNEL, "other"), row(10, 1, "2", CHANNEL));
        append(row(12, 0, "3", CHANNEL));
        journal.close();
        try (StoredJournal stored = StoredJournal.open(folder)) {
            Survey survey = stored.archive().survey(bytes -> {});
            assertThat(survey.findings()).isEmpty();
            assertThat(survey.changes()).isEqualTo(3);
            assertThat(survey.events()).isEqualTo(4);
            assertThat(survey.blocks()).isEqualTo(2);
            assertThat(survey.channels())
                    .containsExactly(
                            new Survey.ChannelRange(CHANNEL, true, 1, 3, 3),
                            new Survey.ChannelRange("other", true, 1, 1, 1));
        }
        try (Store store = Store.open(folder, null, Store.Mode.WRITE)) {
            byte[] key = LogPosition.of(1, id(12, 0)).key();
            byte[] block = store.database().get(store.log(), key);
            block[block.length - 20] ^= 1;
            store.database().put(store.log(), key, block);
            store.database()
                    .delete(store.index(), IndexKey.channel("other", true).at(LogPosition.of(1, id(10, 0))));
        }
        try (StoredJournal stored = StoredJournal.open(folder)) {
            assertThat(stored.archive().survey(bytes -> {}).findings())
                    .hasSize(2)
                    .anyMatch(finding -> finding.contains("LSN c is damaged"))
                    .anyMatch(finding -> finding.contains("does not lead from other"));
        }
        assertThatThrownBy(() -> StoredJournal.open(temporary.resolve("nowhere")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("There is no journal in");
    }

    private static Path newest(Path folder, String end) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(end))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
