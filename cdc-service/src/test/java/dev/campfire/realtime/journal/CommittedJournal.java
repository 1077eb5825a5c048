package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.HISTORY;
import static dev.campfire.realtime.journal.Sample.id;
import static dev.campfire.realtime.journal.Sample.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A journal on disk, what was committed and is to be found in it, and how it is stopped and started over it. */
abstract class CommittedJournal {

    static final String CHANNEL = "org:o:conv:c";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong refills = new AtomicLong();

    /** What was committed, by its LSN, and which number was told last with it. */
    final TreeMap<Long, Long> committed = new TreeMap<>();

    final Random random = new Random(7);
    Path folder;
    RocksJournal journal;
    long refilled;

    @BeforeEach
    void open() throws Exception {
        folder = temporary.resolve("journal");
        openAnew();
        begin(true);
    }

    void openAnew() throws JournalException {
        journal = RocksJournal.open(
                JournalSettings.in(folder), "postgres", clock, acknowledged::set, refills::incrementAndGet);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    /** The stream begins, as it does from where the slot is, and what the journal has not comes again. */
    boolean begin(boolean isNewSlot) {
        long end = committed.isEmpty() ? 5 : committed.lastKey();
        long slot = Math.max(5, acknowledged.get());
        boolean follows = journal.begin(new StreamStart(HISTORY, slot, end, isNewSlot));
        committed.tailMap(slot, true).keySet().forEach(this::deliver);
        return follows;
    }

    void deliver(long lsn) {
        if (!journal.holds(id(lsn, 0))) {
            JournalEntry entry = row(lsn, 0, text(), lsn % 3 == 0 ? CHANNEL : CHANNEL + ":status", "other" + lsn % 7);
            List<JournalEntry> kept = journal.append(List.of(entry), id(lsn, 0));
            committed.put(lsn, kept.getFirst().events().getFirst().sequence());
        }
        journal.complete(lsn + 1);
    }

    String text() {
        byte[] bytes = new byte[1200];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Commits changes with the LSNs from to, in tens. */
    void commit(long from, long to) {
        for (long lsn = from; lsn <= to; lsn += 10) {
            committed.put(lsn, 0L);
            deliver(lsn);
        }
    }

    /** What has been appended stands in table files of its own then. The service is stopped. */
    void stop() throws Exception {
        journal.sync();
        journal.close();
        DamagedFiles.flush(folder);
    }

    void start() throws JournalException {
        openAnew();
        begin(false);
    }

    /** Waits until it is well, reading on and on as clients do that come again and again. */
    void settle() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (refills.get() > refilled) {
                refilled = refills.get();
                begin(false);
            }
            journal.sync();
            return isReadable()
                    && journal.status().isKeeping()
                    && !String.valueOf(journal.status().damage()).contains("is being carried");
        });
    }

    boolean isReadable() {
        try {
            read(CHANNEL, journal.reader().oldest());
            journal.reader().read(Selection.EVERYTHING, journal.reader().oldest(), 10_000);
            journal.reader().sequence(CHANNEL + ":new", true);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    List<Event> read(String channel, ReadPoint from) throws IOException {
        List<Event> events = new ArrayList<>();
        JournalReader.Page page;
        ReadPoint next = from;
        do {
            page = journal.reader().read(Selection.channel(channel, true), next, 100);
            page.entries().forEach(entry -> events.addAll(entry.events()));
            next = page.next();
        } while (!page.isAtEnd());
        return events;
    }

    static String position(long lsn) {
        return new Position(id(lsn, 0), 0).toString();
    }

    /** Whether who has had everything through an LSN is told that it gets the rest, which it is seen to get then. */
    boolean recovers(long lsn) throws IOException {
        Optional<ReadPoint> point = journal.reader().after(position(lsn));
        if (point.isEmpty() || !journal.reader().keepsNumbers(point.get())) {
            return false;
        }
        List<Event> events = read(lsn % 3 == 0 ? CHANNEL : CHANNEL + ":status", point.get());
        assertThat(events)
                .extracting(event -> event.position().change().commitLsn())
                .containsExactlyElementsOf(committed.tailMap(lsn, false).keySet().stream()
                        .filter(each -> (each % 3 == 0) == (lsn % 3 == 0))
                        .toList());
        long number = committed.get(lsn);
        for (Event event : events) {
            assertThat(event.sequence()).isEqualTo(++number);
        }
        return true;
    }

    long firstRecovered() throws IOException {
        for (long lsn : committed.keySet()) {
            if (recovers(lsn)) {
                return lsn;
            }
        }
        return Long.MAX_VALUE;
    }
}
