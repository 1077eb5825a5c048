package dev.campfire.realtime.app;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a command run until the process is told to end (SIGTERM, SIGINT), and then stops things in order and exits with
 * status 0. Things that have shutdown hooks of their own must not be among them: hooks run all at once.
 */
final class UntilStopped {

    private UntilStopped() {}

    /** What is to be done at the end. */
    interface Stop {
        void run() throws Exception;
    }

    /** Waits for ever; the stop runs when the process is told to end. */
    static void run(Stop stop) throws InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    int status = 0;
                    try {
                        stop.run();
                    } catch (Exception e) {
                        System.err.println("campfire: stopping failed: " + e.getMessage());
                        status = 1;
                    }
                    // A process that ends by a signal has 128 + its number for a status; an orderly end has 0.
                    Runtime.getRuntime().halt(status);
                }));
        new CountDownLatch(1).await();
    }
}
