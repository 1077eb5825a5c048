package dev.campfire.realtime.benchmarks;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParentCommand;

/** A scenario as a subcommand of the program. */
abstract class ScenarioCommand implements Scenario, Callable<Integer> {

    @ParentCommand
    private @Nullable Bench bench;

    @Override
    public final String name() {
        return getClass().getAnnotation(CommandLine.Command.class).name();
    }

    @Override
    public final Integer call() throws Exception {
        if (bench == null) {
            throw new IllegalStateException("not called as a subcommand");
        }
        return bench.run(this);
    }
}
