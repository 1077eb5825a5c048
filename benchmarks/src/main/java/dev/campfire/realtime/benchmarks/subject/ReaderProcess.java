package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.postgres.DatabaseServer;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** A {@link ComparedReader} in a process of its own, as the service is one. For one thread. */
public final class ReaderProcess implements AutoCloseable {

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;
    private final String title;

    private ReaderProcess(Process process, String title) {
        this.process = process;
        this.orders = process.outputWriter();
        this.answers = process.inputReader();
        this.title = title;
    }

    /** Returns when it streams from its slot. */
    public static ReaderProcess start(ComparedReader kind, ChildJvm jvm, PublishedDatabase database) throws Exception {
        List<String> command = List.of(
                SubjectMain.class.getName(),
                kind.name(),
                Integer.toString(database.server().port()),
                database.name(),
                DatabaseServer.SUPERUSER);
        Process process = jvm.prepare(List.of("-Dlogback.configurationFile=bench-logback.xml"), command, Map.of())
                .redirectError(jvm.log(kind.id()).toFile())
                .start();
        ReaderProcess reader = new ReaderProcess(process, kind.title());
        try {
            database.awaitReader();
            return reader;
        } catch (Exception e) {
            reader.close();
            throw e;
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Tells it how many changes will come next. */
    public void expect(long count) throws IOException {
        orders.write(count + "\n");
        orders.flush();
        require(SubjectMain.EXPECTING);
    }

    /** Waits until they have come, and returns the moment on this process's {@link System#nanoTime()}. */
    public long awaitComplete() throws IOException {
        require(SubjectMain.COMPLETE);
        return System.nanoTime();
    }

    private void require(String line) throws IOException {
        String answer = answers.readLine();
        if (!line.equals(answer)) {
            throw new IOException(title + " answered " + answer + " instead of " + line);
        }
    }

    @Override
    public void close() throws IOException {
        // The end of its input is what tells it to end.
        orders.close();
        ChildJvm.end(process);
    }
}
