package dev.campfire.realtime.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Ends something outside this JVM when the JVM is gone, however it went: a shell waits for the end of its input, which
 * comes with the JVM's death, and then runs a command.
 */
final class Leash implements AutoCloseable {

    private final Process shell;

    private Leash(Process shell) {
        this.shell = shell;
    }

    /** Kills a process of this machine. */
    static Leash onProcess(long pid) {
        return running("kill -KILL " + pid);
    }

    /** Runs a shell command. */
    static Leash running(String command) {
        // The shell must outlive a Ctrl-C that ends the JVM.
        String script = "trap '' INT TERM; read -r word; [ \"$word\" = off ] || " + command;
        try {
            return new Leash(new ProcessBuilder("/bin/sh", "-c", script)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the leash off: what it held has ended. */
    @Override
    public void close() {
        try (var input = shell.outputWriter()) {
            input.write("off\n");
        } catch (IOException e) {
            // The shell has ended already, so there is nothing to call off.
            shell.destroy();
        }
        try {
            if (!shell.waitFor(5, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
