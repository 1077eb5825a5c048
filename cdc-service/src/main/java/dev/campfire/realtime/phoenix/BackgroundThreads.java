package dev.campfire.realtime.phoenix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that the operating system lets wait when others want the processor: what they do can wait, what is live cannot.
 * Java's own priorities mean nothing to Linux unless the whole JVM is told so by somebody with more rights; there a thread may
 * lower its own. Elsewhere they are threads like every other.
 */
final class BackgroundThreads {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

    /** Of 0 to 19: about a tenth of the share of a thread of the usual niceness, 0, and never before one that wakes up. */
    private static final int NICENESS = 10;

    /** {@code PRIO_PROCESS} of {@code setpriority(2)}; with 0 for who, it is the calling thread. */
    private static final int OF_THIS_THREAD = 0;

    private BackgroundThreads() {}

    /** @param name of all of them */
    static ThreadFactory named(String name) {
        return task -> Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            giveWay();
            task.run();
        });
    }

    private static void giveWay() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle setpriority = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("setpriority"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int failed = (int) setpriority.invokeExact(OF_THIS_THREAD, 0, NICENESS);
            if (failed != 0) {
                LOG.debug("A background thread has the priority of others");
            }
        } catch (Throwable e) {
            // Also where native calls are not allowed: it is only slower for others then.
            LOG.debug("A background thread has the priority of others", e);
        }
    }
}
