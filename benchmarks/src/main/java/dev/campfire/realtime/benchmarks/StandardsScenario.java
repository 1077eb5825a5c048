package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Report;
import picocli.CommandLine.Command;

/** The performance standards of the chat application. */
@Command(
        name = "standards",
        description = "The performance standards of the chat application, with the real supabase-js.")
final class StandardsScenario extends ScenarioCommand {
    @Override
    public void run(Workbench workbench, Report report) {}
}
