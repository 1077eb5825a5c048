package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Mapping;
import dev.campfire.realtime.mapping.RuleMapping;
import dev.campfire.realtime.mapping.UnmappedChanges;
import dev.campfire.realtime.mapping.rules.MappingRules;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to map a change, with its payload. */
@Command(
        name = "mapping",
        description = {
            "What it costs one thread to map a change: to find where it goes, to ask the conditions, to render the payload.",
            "",
            "Rows have the columns of the standard's tables and a text of 200 characters, under REPLICA IDENTITY FULL. The"
                    + " comparison are the same rules with conditions on which CEL's interpreter has the last word."
        })
final class MappingScenario extends ScenarioCommand {

    private static final double LIMIT_MICROS = 5;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "500000",
            description = "Of each kind in a repetition. Default: ${DEFAULT-VALUE}.")
    private int changes;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "After one that warms up and does not count. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    /** Counts events, so that nothing of them can be left out. */
    private static final class Tally implements Consumer<Event> {
        private long events;
        private long bytes;

        @Override
        public void accept(Event event) {
            events++;
            bytes += event.payload().length;
        }
    }

    @Override
    public boolean needsPostgres() {
        return false;
    }

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("changes", changes).parameter("repetitions", repetitions);
        Mapping builtIn = new RuleMapping(MappingRules.builtIn(), new UnmappedChanges());
        // Whatever reads the operation is not decided on the bytes of the values alone, unless they rule it out.
        Mapping interpreted = new RuleMapping(
                MappingRules.parse(
                        "interpreted.yaml",
                        MappingRules.builtInText().replaceAll("(?m)when: (.*)$", "when: (operation != \"\") && ($1)")),
                new UnmappedChanges());
        Table table = new Table("microseconds per change", "built-in rules", "decided by CEL", "events", "bytes");
        Map<String, Change> kinds = MappedRows.kinds();
        // Every kind is met before one is measured, so that none has a compiler's guess to itself.
        for (Change change : kinds.values()) {
            time(builtIn, change, new Tally());
            time(interpreted, change, new Tally());
        }
        for (Map.Entry<String, Change> kind : kinds.entrySet()) {
            workbench.say(kind.getKey());
            double[] own = new double[repetitions];
            double[] other = new double[repetitions];
            Tally tally = new Tally();
            for (int i = 0; i < repetitions; i++) {
                tally = new Tally();
                own[i] = time(builtIn, kind.getValue(), tally);
                other[i] = time(interpreted, kind.getValue(), new Tally());
            }
            report.measured("microseconds", kind.getKey(), own);
            report.measured("microseconds with CEL alone", kind.getKey(), other);
            table.row(
                    kind.getKey(),
                    Spread.of(own).text(2),
                    Spread.of(other).text(2),
                    Long.toString(tally.events / changes),
                    Long.toString(tally.bytes / changes));
            report.add(Figure.atMost(kind.getKey(), Spread.of(own).median(), LIMIT_MICROS, "µs"));
        }
        report.add(table);
        report.note("one thread of this program, on whatever processor it gets; each change is mapped again and again,"
                + " so that its bytes lie in the processor's cache");
    }

    private double time(Mapping mapping, Change change, Tally tally) {
        long start = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            mapping.map(change, tally);
        }
        return (System.nanoTime() - start) / 1e3 / changes;
    }
}
