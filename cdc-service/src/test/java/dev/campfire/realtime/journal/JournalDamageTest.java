package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.DamagedFiles.Harm.CUT;
import static dev.campfire.realtime.journal.DamagedFiles.Harm.OVERWRITTEN;
import static dev.campfire.realtime.journal.DamagedFiles.Harm.REMOVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.RocksIterator;

/** What becomes of a journal whose table files are damaged, and what those are told who resume over it. */
final class JournalDamageTest extends CommittedJournal {

    @ParameterizedTest
    @EnumSource
    void what_lies_behind_the_damage_is_resumed_and_what_lies_before_is_told_to_be_lost(DamagedFiles.Harm harm)
            throws Exception {
        commit(10, 1000);
        stop();
        start();
        commit(1010, 2000);
        stop();
        start();
        commit(2010, 2100);
        stop();
        DamagedFiles.of(folder, "log").get(1).suffer(harm);

        start();
        commit(2110, 2200);
        settle();

        assertThat(firstRecovered()).isBetween(1020L, 2010L);
        assertThat(recovers(10)).isFalse();
        assertThat(recovers(2010)).isTrue();
        assertThat(journal.reader().oldestId()).isEqualTo(position(firstRecovered()));
        assertThat(journal.status().gaps()).isZero();
        assertThat(journal.status().damage()).contains("is lost, what is newer is whole");
        long first = firstRecovered();
        stop();
        start();
        assertThat(firstRecovered()).isEqualTo(first);
        assertThat(journal.status().damage()).isNull();
    }

    @Test
    void files_that_are_missing_at_the_start_are_got_over_before_anybody_asks() throws Exception {
        commit(10, 300);
        stop();
        start();
        commit(310, 600);
        stop();
        DamagedFiles.of(folder, "log").getFirst().suffer(REMOVED);

        openAnew();

        assertThat(journal.status().isKeeping()).isTrue();
        assertThat(recovers(300)).isFalse();
        assertThat(recovers(310)).isTrue();
        assertThat(refills).hasValue(0);
    }

    @Test
    void an_index_that_is_damaged_is_made_again_and_nothing_is_lost() throws Exception {
        commit(10, 600);
        stop();
        DamagedFiles.of(folder, "index").getFirst().suffer(OVERWRITTEN);

        start();
        commit(610, 620);
        settle();

        assertThat(firstRecovered()).isEqualTo(10);
        assertThat(journal.status().damage()).contains("no entries are lost");
    }

    @Test
    void numbers_of_lost_blocks_stand_in_the_index() throws Exception {
        commit(10, 300);
        stop();
        start();
        commit(310, 600);
        stop();
        DamagedFiles.of(folder, "log").getLast().suffer(CUT);

        start();
        settle();
        commit(610, 700);

        assertThat(committed.get(610L)).isEqualTo(committed.get(590L) + 1);
        assertThat(committed.get(630L)).isEqualTo(committed.get(600L) + 1);
        assertThat(journal.status().damage()).doesNotContain("begun anew");
    }

    @Test
    void numbers_of_lost_blocks_that_are_lost_with_the_index_may_begin_anew_and_who_resumes_from_before_is_told()
            throws Exception {
        commit(10, 300);
        stop();
        start();
        commit(310, 600);
        stop();
        List<DamagedFiles.TableFile> damaged = new ArrayList<>(DamagedFiles.of(folder, "index"));
        damaged.add(DamagedFiles.of(folder, "log").getLast());
        for (DamagedFiles.TableFile file : damaged) {
            file.suffer(CUT);
        }

        start();
        settle();
        commit(610, 700);

        assertThat(journal.status().damage()).contains("numbers of channels may have begun anew");
        assertThat(recovers(600)).isFalse();
        assertThat(recovers(610)).isTrue();
    }

    @Test
    void numbers_that_are_damaged_are_found_again_in_the_blocks_and_who_resumes_from_before_is_told() throws Exception {
        commit(10, 600);
        stop();
        DamagedFiles.of(folder, "heads").getFirst().suffer(CUT);

        start();
        settle();
        commit(610, 700);

        assertThat(recovers(10)).isFalse();
        assertThat(recovers(600)).isFalse();
        assertThat(recovers(610)).isTrue();
        assertThat(committed.get(630L)).isEqualTo(committed.get(600L) + 1);
        stop();
        start();
        assertThat(recovers(600)).isFalse();
        assertThat(recovers(610)).isTrue();
    }

    @Test
    void numbers_that_are_found_damaged_while_it_runs_are_not_given_twice() throws Exception {
        commit(10, 600);
        stop();
        DamagedFiles.of(folder, "heads").getFirst().overwrite(20);

        start();
        assertThat(journal.status().damage()).isNull();
        commit(610, 640);
        settle();

        assertThat(committed.get(610L)).isEqualTo(committed.get(590L) + 1);
        assertThat(committed.get(630L)).isEqualTo(committed.get(600L) + 1);
        assertThat(committed.get(640L)).isEqualTo(committed.get(620L) + 1);
    }

    @ParameterizedTest
    @EnumSource
    void without_what_has_to_be_known_the_files_are_set_aside_and_a_new_journal_begins(DamagedFiles.Harm harm)
            throws Exception {
        commit(10, 600);
        stop();
        DamagedFiles.of(folder, "default").getFirst().suffer(harm);

        start();
        settle();
        commit(610, 700);

        assertThat(recovers(600)).isFalse();
        assertThat(recovers(610)).isTrue();
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("journal.damaged-"));
        }
    }

    @Test
    void without_its_end_another_stretch_begins_in_which_numbers_go_on() throws Exception {
        commit(10, 600);
        stop();
        DamagedFiles.of(folder, "log").getFirst().suffer(CUT);

        start();
        settle();
        commit(610, 700);

        assertThat(recovers(600)).isFalse();
        assertThat(recovers(610)).isTrue();
        assertThat(journal.status().gaps()).isEqualTo(1);
        assertThat(committed.get(630L)).isEqualTo(committed.get(600L) + 1);
        stop();
        start();
        assertThat(journal.status().gaps()).isEqualTo(1);
        assertThat(recovers(610)).isTrue();
    }

    @Test
    void a_compaction_that_meets_damage_is_got_over_and_all_that_comes_meanwhile_is_kept() throws Exception {
        for (int file = 1; file < 8; file++) {
            commit(300 * file - 290, 300 * file);
            stop();
            start();
        }
        commit(2110, 2400);
        journal.sync();
        journal.close();
        // Blocks are in their order, and RocksDB moves their files as they are.
        DamagedFiles.of(folder, "index").get(1).overwrite(20);

        // Of eight files it makes one: what was in no file yet becomes the eighth when it is opened. Nobody looks into
        // the index.
        start();
        await().atMost(PATIENCE).until(() -> {
            journal.complete(committed.lastKey() + 1);
            return journal.status().damage() != null;
        });
        settle();
        long next = committed.lastKey() + 10;
        commit(next, next);

        assertThat(firstRecovered()).isEqualTo(10);
        assertThat(journal.status().damage()).contains("no entries are lost");
        assertThat(journal.status().problem()).isNull();
        assertThat(journal.status().gaps()).isZero();
        assertThat(acknowledged.get()).isGreaterThan(2400);
    }

    @Test
    void retention_goes_on_after_damage_and_leaves_nothing_behind() throws Exception {
        commit(10, 300);
        stop();
        start();
        commit(310, 600);
        stop();
        DamagedFiles.of(folder, "log").getFirst().suffer(OVERWRITTEN);
        start();
        now.addAndGet(Duration.ofHours(100).toMillis());
        commit(610, 620);

        journal.retain();
        settle();
        journal.retain();

        assertThat(journal.reader().oldestId()).isIn(position(610), position(620));
        stop();
        try (Store store = Store.open(folder, null, Store.Mode.READ);
                RocksIterator at = store.database().newIterator(store.index())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                byte[] key = at.key();
                LogPosition block = LogPosition.parse(key, key.length - LogPosition.LENGTH);
                assertThat(store.database().get(store.log(), block.key())).isNotNull();
            }
        }
    }

    @Test
    void a_survey_of_a_stopped_service_tells_of_a_damaged_file() throws Exception {
        commit(10, 300);
        stop();
        DamagedFiles.of(folder, "log").getFirst().suffer(OVERWRITTEN);

        try (StoredJournal stored = StoredJournal.open(folder)) {
            assertThatThrownBy(() -> stored.archive().survey(bytes -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("checksum mismatch");
        }
        openAnew();
    }

    @Test
    void whatever_is_damaged_who_is_told_that_it_gets_everything_gets_it() throws Exception {
        long seed = Long.getLong("journal.seed", System.nanoTime());
        System.out.println("journal.seed=" + seed);
        random.setSeed(seed);
        for (int round = 0; round < Integer.getInteger("journal.damages", 12); round++) {
            for (int files = random.nextInt(5); files >= 0; files--) {
                long next = committed.isEmpty() ? 10 : committed.lastKey() + 10;
                commit(next, next + 10L * random.nextInt(120));
                if (files > 0 || random.nextBoolean()) {
                    stop();
                    start();
                    settle();
                }
            }
            journal.sync();
            journal.close();
            damageSomething();
            start();
            long next = committed.lastKey() + 10;
            commit(next, next + 10L * random.nextInt(10));
            settle();
            next = committed.lastKey() + 10;
            commit(next, next + 50);

            assertThat(committed.keySet().stream().filter(lsn -> {
                        try {
                            return recovers(lsn);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }))
                    .as("journal.seed=" + seed)
                    .contains(next, next + 50);
        }
    }

    private void damageSomething() throws Exception {
        List<DamagedFiles.TableFile> files = new ArrayList<>();
        for (String family : List.of("log", "log", "log", "index", "heads", "default")) {
            files.addAll(DamagedFiles.of(folder, family));
        }
        if (files.isEmpty()) {
            return;
        }
        DamagedFiles.TableFile file = files.get(random.nextInt(files.size()));
        long size = Files.size(file.path());
        switch (random.nextInt(4)) {
            case 0 -> file.cut(random.nextLong(size));
            case 1 -> Files.delete(file.path());
            default -> file.overwrite(random.nextLong(size));
        }
    }
}
