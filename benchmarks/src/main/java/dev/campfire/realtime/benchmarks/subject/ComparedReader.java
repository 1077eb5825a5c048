package dev.campfire.realtime.benchmarks.subject;

/** What the service is compared with: readers of a publication that do nothing with what they read. */
public enum ComparedReader {
    /** pgjdbc's replication stream, read by one blocking thread: the least that Java can do. */
    BARE("bare pgjdbc reader"),
    /** Debezium as it is delivered: its own connector, records in Connect format, a handler that does nothing. */
    DEBEZIUM("plain Debezium"),
    /** The service's own capture, with a sink that does nothing. */
    CAPTURE("capture alone");

    private final String title;

    ComparedReader(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** A name for its database, slot and log. */
    public String id() {
        return "bench_" + name().toLowerCase(java.util.Locale.ROOT);
    }
}
