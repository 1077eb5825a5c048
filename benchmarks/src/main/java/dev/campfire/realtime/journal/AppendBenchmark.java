package dev.campfire.realtime.journal;

import dev.campfire.realtime.benchmarks.MappedRows;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Mapping;
import dev.campfire.realtime.mapping.RuleMapping;
import dev.campfire.realtime.mapping.UnmappedChanges;
import dev.campfire.realtime.mapping.rules.MappingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What appending one change with its events takes, a hundred at a time; what maps and numbers them anew is counted in. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AppendBenchmark {

    private static final int STRETCH = 100;

    private final Mapping mapping = new RuleMapping(MappingRules.builtIn(), new UnmappedChanges());
    private final Change change = MappedRows.inserted();
    private @Nullable Path folder;
    private @Nullable RocksJournal journal;
    private long lsn = change.id().commitLsn();

    @Setup(Level.Iteration)
    public void open() throws IOException, JournalException {
        Path place = Files.createTempDirectory("campfire-bench-journal");
        RocksJournal opened = RocksJournal.open(
                JournalSettings.in(place), "bench", InstantSource.system(), acknowledged -> {}, () -> {});
        opened.begin(new StreamStart(change.id().history(), lsn, Long.MAX_VALUE, false));
        folder = place;
        journal = opened;
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        if (journal != null) {
            journal.close();
        }
        if (folder != null) {
            List<Path> paths;
            try (Stream<Path> tree = Files.walk(folder)) {
                paths = tree.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : paths) {
                Files.delete(path);
            }
        }
    }

    private List<JournalEntry> entries() {
        lsn++;
        List<JournalEntry> entries = new ArrayList<>(STRETCH);
        for (int i = 0; i < STRETCH; i++) {
            Change next = new Change(
                    new ChangeId(change.id().history(), lsn, i),
                    change.transactionId(),
                    change.commitTime(),
                    change.operation(),
                    change.relation(),
                    change.before(),
                    change.after(),
                    null);
            List<Event> events = new ArrayList<>(2);
            mapping.map(next, events::add);
            entries.add(new JournalEntry(next, events));
        }
        return entries;
    }

    /** Mapping alone, to be taken from {@link #append}. */
    @Benchmark
    @OperationsPerInvocation(STRETCH)
    public List<JournalEntry> prepare() {
        return entries();
    }

    @Benchmark
    @OperationsPerInvocation(STRETCH)
    public @Nullable List<JournalEntry> append() {
        List<JournalEntry> entries = entries();
        return journal == null
                ? null
                : journal.append(entries, entries.getLast().change().id());
    }
}
