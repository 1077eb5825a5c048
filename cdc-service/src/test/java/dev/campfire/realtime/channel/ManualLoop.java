package dev.campfire.realtime.channel;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An event loop that runs its tasks when it is told to. */
final class ManualLoop implements Executor {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean hasEnded;

    @Override
    public void execute(Runnable task) {
        if (hasEnded) {
            throw new RejectedExecutionException("ended");
        }
        tasks.add(task);
    }

    void end() {
        hasEnded = true;
    }

    int waiting() {
        return tasks.size();
    }

    /** Runs what there is, and what that adds. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
