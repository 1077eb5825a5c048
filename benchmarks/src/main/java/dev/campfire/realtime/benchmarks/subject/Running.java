package dev.campfire.realtime.benchmarks.subject;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been started and must not outlive this process: closed in reverse order, by {@link #close} or, when the process
 * is told to end first, by a shutdown hook. Safe for several threads.
 */
public final class Running implements AutoCloseable {

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAtExit, "stop what was started");
    private boolean closed;
    private volatile boolean interrupted;

    public Running() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes over the duty to close something, and returns it. */
    public <T extends AutoCloseable> T add(T resource) throws Exception {
        synchronized (this) {
            if (!closed) {
                started.push(resource);
                return resource;
            }
        }
        resource.close();
        throw new IllegalStateException("the benchmark is being stopped");
    }

    /** Whether the process was told to end before {@link #close}, which explains failures after it. */
    public boolean isInterrupted() {
        return interrupted;
    }

    private void closeAtExit() {
        interrupted = true;
        try {
            closeAll();
        } catch (Exception e) {
            System.err.println("Something may be left running: " + e);
        }
    }

    private synchronized void closeAll() throws Exception {
        closed = true;
        Exception failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws Exception {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs anyway and finds nothing left to do.
        }
    }
}
