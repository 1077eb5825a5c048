package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.subject.ReaderProcess;
import java.io.IOException;
import java.time.Duration;

/** What another process reads, by its own count. */
final class ReaderArrivals implements Arrivals {

    private final ReaderProcess reader;

    ReaderArrivals(ReaderProcess reader) {
        this.reader = reader;
    }

    @Override
    public void expect(int count) throws IOException {
        reader.expect(count);
    }

    @Override
    public long awaitLast(Duration patience) throws IOException {
        return reader.awaitComplete();
    }
}
