package dev.campfire.realtime.limits;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries out what can wait, some of it at a time: one piece is sure of about a tenth of a contended processor, so that the work goes on
 * whatever is live, and the others have little more than what nobody else wants. Its threads end when there is nothing to do. Safe for use by several
 * threads.
 */
public final class BackgroundWork {

    /** For how long a thread is kept. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final ExecutorService soon;
    private final ExecutorService sure;
    private final ExecutorService others;
    private final Semaphore sureIsFree = new Semaphore(1);
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * @param name of its threads
     * @param atATime how many pieces are under way at a time; more than one
     */
    public BackgroundWork(String name, int atATime) {
        this.soon = pool(
                1, task -> Thread.ofPlatform().name(name + "-soon").daemon().unstarted(task));
        this.sure = pool(1, Niceness.background(name));
        this.others = pool(atATime - 1, Niceness.spare(name));
    }

    private static ExecutorService pool(int threads, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Waits until a piece of work is done, and gives what it gave. */
    public <T> T call(Callable<T> work) throws ExecutionException, InterruptedException {
        underWay.incrementAndGet();
        try {
            return behindOthers(work);
        } finally {
            underWay.decrementAndGet();
        }
    }

    /**
     * The same with a short piece that somebody waits for: where no other is under way, it is done as quickly as what does not
     * wait. One at a time is; in a crowd they are like all others.
     */
    public <T> T callSoon(Callable<T> work) throws ExecutionException, InterruptedException {
        boolean isAlone = underWay.getAndIncrement() == 0;
        try {
            return isAlone ? soon.submit(work).get() : behindOthers(work);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private <T> T behindOthers(Callable<T> work) throws ExecutionException, InterruptedException {
        if (!sureIsFree.tryAcquire()) {
            return others.submit(work).get();
        }
        try {
            return sure.submit(work).get();
        } finally {
            sureIsFree.release();
        }
    }
}
