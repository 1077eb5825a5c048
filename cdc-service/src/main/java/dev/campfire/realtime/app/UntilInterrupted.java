package dev.campfire.realtime.app;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;

/**
 * Runs something that has an end of its own, and interrupts it when the process is told to end before (SIGINT, SIGTERM):
 * it then has a few seconds to leave everything in order, and the process ends with status 0.
 */
final class UntilInterrupted {

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private UntilInterrupted() {}

    /** @return the exit status that the work gave */
    static int run(Callable<Integer> work) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        AtomicInteger ended = new AtomicInteger(CommandLine.ExitCode.SOFTWARE);
        Thread end = Thread.ofPlatform().name("end").unstarted(() -> {
            worker.interrupt();
            try {
                done.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(ended.get());
        });
        Runtime.getRuntime().addShutdownHook(end);
        try {
            int status = work.call();
            ended.set(status);
            forget(end);
            return status;
        } catch (InterruptedException e) {
            // The other thread ends the process.
            ended.set(CommandLine.ExitCode.OK);
            return CommandLine.ExitCode.OK;
        } catch (Exception e) {
            forget(end);
            throw e;
        } finally {
            done.countDown();
        }
    }

    private static void forget(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // The process is ending by now.
        }
    }
}
