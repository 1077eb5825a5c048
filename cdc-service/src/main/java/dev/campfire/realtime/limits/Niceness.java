package dev.campfire.realtime.limits;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets what can wait give way to what is live, where both want the same processor. Java's own priorities mean nothing to Linux
 * unless the JVM is started by somebody with more rights; but every thread may be made nicer ({@code setpriority(2)}: from 0, the
 * usual, to 19, and each step leaves about a fifth less of a contended processor). Elsewhere than on Linux, and where native calls
 * are not allowed, nothing is changed.
 */
public final class Niceness {

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);

    /** About a tenth of a contended processor, and never before a usual thread that wakes up. */
    private static final int OF_BACKGROUND = 10;

    private static final int NICEST = 19;

    /** What each step of niceness divides a thread's share by. */
    private static final double STEP = 1.25;

    /** About a quarter: what is not compiled is slow, too. */
    private static final int OF_COMPILERS = 5;

    /** {@code PRIO_PROCESS}; with 0 for who, it is the calling thread. */
    private static final int THREAD = 0;

    private Niceness() {}

    /**
     * Makes threads for work that can wait, which together take about a tenth of a contended processor.
     *
     * @param name of all of them
     * @param threads how many of them work at a time
     */
    public static ThreadFactory background(String name, int threads) {
        int niceness = Math.min(NICEST, OF_BACKGROUND + (int) Math.round(Math.log(threads) / Math.log(STEP)));
        return task -> Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            set(0, niceness);
            task.run();
        });
    }

    /**
     * Lets the JVM's compilers give way: on a machine with few processors they take half of one for the first seconds, from what
     * the service is started for. Those that start later are made by these, and are as nice.
     */
    public static void lowerCompilers() {
        Path threads = Path.of("/proc/self/task");
        if (!Files.isDirectory(threads)) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
            for (Path thread : all) {
                if (Files.readString(thread.resolve("comm")).matches("(?s)C[12] Comp.*")) {
                    set(Integer.parseInt(thread.getFileName().toString()), OF_COMPILERS);
                }
            }
        } catch (IOException e) {
            // One that has just ended, or a /proc that tells nothing.
            LOG.debug("The compilers' threads can't be found", e);
        }
    }

    private static void set(int thread, int niceness) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        try {
            if ((int) Native.SET.invokeExact(THREAD, thread, niceness) != 0) {
                LOG.debug("A thread can't be made nicer");
            }
        } catch (Throwable e) {
            LOG.debug("A thread can't be made nicer", e);
        }
    }

    /** Looked up when it is used first. */
    private static final class Native {
        private static final MethodHandle SET = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
    }
}
