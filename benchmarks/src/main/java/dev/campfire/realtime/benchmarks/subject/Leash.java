package dev.campfire.realtime.benchmarks.subject;

import java.io.IOException;

/**
 * Ends a process when this one is gone, however it went: a shell waits for the end of its input, which comes with this
 * process's death, even by SIGKILL.
 */
public final class Leash implements AutoCloseable {

    private final Process shell;
    private boolean loose;

    private Leash(Process shell) {
        this.shell = shell;
    }

    /** @param signal what ends it, such as {@code TERM} */
    public static Leash on(long pid, String signal) throws IOException {
        // The shell must outlive the Ctrl-C that goes to the whole group of processes.
        String script = "trap '' INT TERM; read -r word; [ \"$word\" = off ] || kill -" + signal + " " + pid;
        return new Leash(new ProcessBuilder("/bin/sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Lets go of the process. Idempotent. */
    @Override
    public void close() throws IOException {
        if (loose) {
            return;
        }
        loose = true;
        try (var input = shell.outputWriter()) {
            input.write("off\n");
        }
    }
}
