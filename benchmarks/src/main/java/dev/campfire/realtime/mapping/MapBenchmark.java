package dev.campfire.realtime.mapping;

import dev.campfire.realtime.benchmarks.MappedRows;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.mapping.rules.MappingRules;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What mapping one inserted message to its events takes, by the built-in rules. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MapBenchmark {

    private final Mapping mapping = new RuleMapping(MappingRules.builtIn(), new UnmappedChanges());
    private final Change change = MappedRows.inserted();

    @Benchmark
    public void map(Blackhole sink) {
        mapping.map(change, sink::consume);
    }
}
