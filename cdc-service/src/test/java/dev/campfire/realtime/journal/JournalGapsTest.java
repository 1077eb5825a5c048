package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.HISTORY;
import static dev.campfire.realtime.journal.Sample.id;
import static dev.campfire.realtime.journal.Sample.row;
import static dev.campfire.realtime.journal.Sample.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the journal says when the past is another one than it was, or is gone. */
final class JournalGapsTest {

    private static final String CHANNEL = "org:o:conv:c";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    private final AtomicInteger refills = new AtomicInteger();
    private Path folder;
    private RocksJournal journal;

    @BeforeEach
    void open() throws Exception {
        folder = temporary.resolve("journal");
        journal = open(folder);
        journal.begin(new StreamStart(HISTORY, 5, 100, true));
    }

    private RocksJournal open(Path at) throws JournalException {
        return RocksJournal.open(
                JournalSettings.in(at), "postgres", InstantSource.system(), lsn -> {}, refills::incrementAndGet);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private List<Long> append(JournalEntry... entries) {
        return journal
                .append(List.of(entries), entries[entries.length - 1].change().id())
                .stream()
                .flatMap(entry -> entry.events().stream())
                .map(Event::sequence)
                .toList();
    }

    private static String position(long lsn, int index) {
        return new Position(id(lsn, index), 0).toString();
    }

    @Test
    void an_id_that_nothing_committed_can_have_is_not_gone_on_from() throws Exception {
        append(row(10, 0, "1", CHANNEL), row(150, 0, "2", CHANNEL));

        assertThat(journal.reader().after(position(150, 0))).isPresent();
        assertThat(journal.reader().after(position(151, 0))).isEmpty();
    }

    @Test
    void an_id_of_what_comes_again_from_the_slot_is_gone_on_from_before_it_is_here() throws Exception {
        append(row(10, 0, "1", CHANNEL));

        assertThat(journal.reader().after(position(90, 0))).isPresent();
    }

    @Test
    void what_comes_again_behind_a_lost_end_may_have_other_numbers_than_it_had() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        journal.complete(12);
        assertThat(keepsNumbers(10)).isTrue();

        journal.begin(new StreamStart(HISTORY, 20, 30, false));

        assertThat(keepsNumbers(25)).isFalse();
        append(row(25, 0, "again", CHANNEL), row(31, 0, "new", CHANNEL));
        assertThat(keepsNumbers(25)).isFalse();
        assertThat(keepsNumbers(31)).isTrue();
    }

    @Test
    void numbers_that_began_anew_are_told_of_after_a_restart_as_well() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        journal.complete(12);
        journal.begin(new StreamStart(HISTORY, 20, 30, false));
        append(row(25, 0, "again", CHANNEL), row(31, 0, "new", CHANNEL));
        journal.complete(32);
        journal.close();

        journal = open(folder);
        journal.begin(new StreamStart(HISTORY, 25, 40, false));

        assertThat(keepsNumbers(25)).isFalse();
        assertThat(keepsNumbers(31)).isTrue();
    }

    @Test
    void a_slot_that_is_new_changes_no_numbers() throws Exception {
        append(row(10, 0, "1", CHANNEL));

        journal.begin(new StreamStart(HISTORY, 20, 30, true));

        append(row(25, 0, "2", CHANNEL));
        assertThat(keepsNumbers(25)).isTrue();
    }

    private boolean keepsNumbers(long lsn) throws IOException {
        return journal.reader()
                .keepsNumbers(journal.reader().after(position(lsn, 0)).orElseThrow());
    }

    @Test
    void an_id_of_what_a_restored_database_has_forgotten_is_not_gone_on_from() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        journal.complete(11);
        append(row(20, 0, "2", CHANNEL), row(40, 0, "3", CHANNEL));

        assertThat(journal.begin(new StreamStart(HISTORY, 11, 15, false))).isFalse();
        append(row(12, 0, "instead", CHANNEL), row(30, 0, "and more", CHANNEL));

        assertThat(journal.reader().after(position(20, 0))).isEmpty();
        assertThat(journal.reader().after(position(40, 0))).isEmpty();
        assertThat(journal.reader().after(position(12, 0))).isPresent();
        journal.close();
        journal = open(folder);
        journal.begin(new StreamStart(HISTORY, 11, 100, false));
        assertThat(journal.reader().after(position(20, 0))).isEmpty();
        assertThat(journal.reader().after(position(30, 0))).isPresent();
    }

    @Test
    void a_database_that_was_set_back_and_has_gone_on_is_found_out_when_it_sends_something_else() {
        append(row(10, 0, "1", CHANNEL), row(20, 0, "2", CHANNEL));

        journal.begin(new StreamStart(HISTORY, 5, 100, false));
        assertThat(journal.isRedelivered(row(10, 0, "1", CHANNEL).change())).isTrue();
        assertThat(refills).hasValue(0);
        assertThat(journal.isRedelivered(row(15, 0, "instead", CHANNEL).change()))
                .isTrue();

        assertThat(refills).hasValue(1);
        assertThat(journal.begin(new StreamStart(HISTORY, 5, 100, false))).isFalse();
        assertThat(journal.isRedelivered(row(15, 0, "instead", CHANNEL).change()))
                .isFalse();
        assertThat(journal.status().gaps()).isEqualTo(1);
    }

    @Test
    void what_was_numbered_while_nothing_could_be_kept_gets_the_same_numbers_when_it_comes_again() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        Path elsewhere = temporary.resolve("elsewhere");
        Files.move(folder, elsewhere);
        Files.createFile(folder);
        await().atMost(PATIENCE).until(() -> {
            journal.sync();
            return journal.isFailing();
        });
        assertThat(append(row(11, 0, "2", CHANNEL))).containsExactly(2L);
        Files.delete(folder);
        Files.move(elsewhere, folder);
        await().atMost(PATIENCE).until(() -> refills.get() == 1);
        assertThat(append(row(120, 0, "3", CHANNEL))).containsExactly(3L);
        assertThat(journal.holds(id(11, 0))).isFalse();
        assertThat(journal.reader().after(position(120, 0)))
                .as("it was published, and comes again")
                .isPresent();
        assertThat(journal.reader().id(journal.reader().behind(id(120, 0))))
                .startsWith(position(120, 0).substring(0, 30));

        assertThat(journal.begin(start(5))).isTrue();

        assertThat(append(row(11, 0, "2", CHANNEL), row(120, 0, "3", CHANNEL), row(130, 0, "4", CHANNEL)))
                .containsExactly(2L, 3L, 4L);
        assertThat(journal.status().problem()).isNull();
    }

    @Test
    void files_that_are_removed_while_it_runs_are_noticed_and_made_anew_with_a_gap() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        remove(folder);

        await().atMost(PATIENCE).until(() -> {
            journal.sync();
            return refills.get() == 1;
        });

        assertThat(journal.begin(start(8))).isFalse();
        append(row(10, 0, "1", CHANNEL), row(11, 0, "2", CHANNEL));
        journal.sync();
        assertThat(journal.status().problem()).isNull();
        journal.close();
        journal = open(folder);
        assertThat(journal.holds(id(11, 0))).isTrue();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatever_the_newest_file_loses_of_its_end_it_opens_and_what_it_holds_is_whole() throws Exception {
        long seed = Long.getLong("journal.seed", System.nanoTime());
        System.out.println("journal.seed=" + seed);
        Random random = new Random(seed);
        List<Path> torn = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            append(row(10 + i, 0, "r".repeat(random.nextInt(3000)), CHANNEL));
            journal.complete(11 + i);
        }
        journal.sync();
        for (int i = 0; i < Integer.getInteger("journal.cuts", 40); i++) {
            Path copy = temporary.resolve("copy-" + i);
            copy(folder, copy);
            tear(newest(copy, ".log"), random);
            torn.add(copy);
        }
        for (Path copy : torn) {
            try (RocksJournal opened = open(copy)) {
                JournalReader.Page page =
                        opened.reader().read(Selection.channel(CHANNEL, true), ReadPoint.BEGINNING, 100);
                List<Long> numbers = page.entries().stream()
                        .flatMap(entry -> entry.events().stream())
                        .map(Event::sequence)
                        .toList();
                for (int n = 0; n < numbers.size(); n++) {
                    assertThat(numbers.get(n)).as("journal.seed=" + seed).isEqualTo(n + 1);
                }
                assertThat(opened.reader().sequence(CHANNEL, true))
                        .as("journal.seed=" + seed)
                        .isEqualTo(numbers.size());
                assertThat(opened.begin(new StreamStart(HISTORY, 5, 100, false)))
                        .as("journal.seed=" + seed)
                        .isTrue();
                assertThat(opened.holds(id(10 + numbers.size(), 0))).isFalse();
            }
            remove(copy);
        }
    }

    /** On each of these RocksDB never comes to an end. */
    @ParameterizedTest
    @CsvSource({
        // A length beyond the block, of a kind that there is not.
        "0x6A, 0x90, 46, 3000",
        // A length beyond the file, of a kind that only logs have which are used again.
        "0xCB, 0x48, 7, 1069"
    })
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_log_that_ends_in_what_is_no_record_opens_and_holds_what_stood_before(int low, int high, int kind, int behind)
            throws Exception {
        append(row(10, 0, "1", CHANNEL), row(11, 0, "2", CHANNEL));
        journal.sync();
        Path copy = temporary.resolve("copy");
        copy(folder, copy);
        try (RandomAccessFile log = new RandomAccessFile(newest(copy, ".log").toFile(), "rw")) {
            log.seek(log.length());
            log.write(new byte[] {1, 2, 3, 4, (byte) low, (byte) high, (byte) kind});
            log.write(new byte[behind]);
        }

        assertThatThrownBy(() -> StoredJournal.open(copy)).hasMessageContaining("damaged at its end");
        try (RocksJournal opened = open(copy)) {
            assertThat(opened.holds(id(11, 0))).isTrue();
            assertThat(opened.reader().sequence(CHANNEL, true)).isEqualTo(2);
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_copy_without_the_lock_opens_whatever_its_end_is() throws Exception {
        int block = 32 * 1024;
        append(row(10, 0, "1", CHANNEL), row(11, 0, "r".repeat(block), CHANNEL));
        journal.sync();
        Path copy = temporary.resolve("copy");
        copy(folder, copy);
        try (RandomAccessFile log = new RandomAccessFile(newest(copy, ".log").toFile(), "rw")) {
            // The first part of a record whose checksum is wrong, and behind it one that is longer than its block.
            log.setLength(block - 1);
            log.seek(block - 1);
            log.write(1);
            log.write(new byte[] {1, 2, 3, 4, 0x5A, (byte) 0xCB, 6});
            log.write(new byte[1_700]);
        }

        try (RocksJournal opened = open(copy)) {
            assertThat(opened.reader().sequence(CHANNEL, true)).isLessThanOrEqualTo(1);
            assertThat(opened.holds(id(11, 0))).isFalse();
        }
    }

    private static void tear(Path file, Random random) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(random.nextLong(bytes.length() + 1));
            if (random.nextBoolean()) {
                byte[] nonsense = new byte[random.nextInt(5000)];
                random.nextBytes(nonsense);
                bytes.seek(bytes.length());
                bytes.write(nonsense);
            }
        }
    }

    private static Path newest(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(ending))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                // The library is unpacked anew where it is missing.
                if (!file.toString().endsWith(".so")
                        && !file.getFileName().toString().equals("LOCK")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }
}
