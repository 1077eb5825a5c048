package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Report;

/** One question about the service, with the means to answer it. */
interface Scenario {

    /** As it is called on the command line, and its JSON file. */
    String name();

    /** Whether the workbench has to have a Postgres. */
    default boolean needsPostgres() {
        return true;
    }

    /**
     * Starts what it needs on the workbench, measures, and reports.
     *
     * @throws Exception when something could not be measured; a figure that is missed is no exception
     */
    void run(Workbench workbench, Report report) throws Exception;
}
