package dev.campfire.realtime.limits;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets what can wait give way to what is live, where both want the same processor. Java's own priorities mean nothing to Linux
 * unless the JVM is started by somebody with more rights; but every thread may be made nicer ({@code sched_setattr(2)}: from 0, the
 * usual, to 19, and each step leaves about a fifth less of a contended processor).
 *
 * <p>How much a thread gets is one thing, and how long another one waits that wakes up meanwhile is another: Linux lets whoever runs go on
 * for its slice (a millisecond or some), however nice it is, unless who wakes up has a shorter one (Linux 6.12; before, all have the same). So
 * what is done in the background has a longer slice than the usual one, and gives way at once. The compilers, which run for long, have the
 * shortest that there is: they give way soon, and get their part often.
 *
 * <p>No thread has the policy that everybody takes the processor from ({@code SCHED_IDLE}): where another program keeps the processors
 * busy it would stand still wherever it happens to be, with what it has locked, and a collection of garbage would wait for it, too.
 *
 * <p>Elsewhere than on Linux on x86-64 and AArch64, and where native calls are not allowed, nothing is changed.
 */
public final class Niceness {

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);

    private Niceness() {}

    /**
     * Makes threads for work that can wait, each of which takes about a tenth of a contended processor.
     *
     * @param name of all of them
     */
    public static ThreadFactory background(String name) {
        return threads(name, Scheduling.BACKGROUND);
    }

    /**
     * Makes threads that have little more than what nobody else wants: each takes about a seventieth of a contended processor.
     *
     * @param name of all of them
     */
    public static ThreadFactory spare(String name) {
        return threads(name, Scheduling.SPARE);
    }

    private static ThreadFactory threads(String name, Scheduling scheduling) {
        return task -> Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            set(0, scheduling);
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
                    set(Integer.parseInt(thread.getFileName().toString()), Scheduling.COMPILERS);
                }
            }
        } catch (IOException e) {
            // One that has just ended, or a /proc that tells nothing.
            LOG.debug("The compilers' threads can't be found", e);
        }
    }

    /** For how long a thread may go on while another one wants to. */
    private static final class Slice {
        static final Duration SHORTEST = Duration.ofNanos(100_000);

        /** The usual one has 0.7 to 2.8 ms, by the number of processors. A collection of garbage may wait for the thread's next one. */
        static final Duration LONGER = Duration.ofMillis(3);
    }

    /** How much a thread gets of a contended processor. */
    private enum Scheduling {
        /** About a seventieth. */
        SPARE(19, Slice.LONGER),
        /** About a tenth. */
        BACKGROUND(10, Slice.LONGER),
        /** About a quarter: what is not compiled is slow, too. */
        COMPILERS(5, Slice.SHORTEST);

        /** {@code SCHED_OTHER}. */
        private static final int USUAL_POLICY = 0;

        private final int niceness;
        private final Duration slice;

        Scheduling(int niceness, Duration slice) {
            this.niceness = niceness;
            this.slice = slice;
        }

        /** {@code struct sched_attr} of {@code linux/sched/types.h}, in its first version. */
        byte[] attributes() {
            ByteBuffer attributes = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
            attributes.putInt(attributes.capacity()).putInt(USUAL_POLICY);
            attributes.putLong(0).putInt(niceness).putInt(0);
            attributes.putLong(slice.toNanos());
            return attributes.array();
        }
    }

    /** @param thread as Linux numbers them; 0 for the calling one */
    private static void set(int thread, Scheduling scheduling) {
        long number = Native.numberOfSetAttributes();
        if (number == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocateFrom(ValueLayout.JAVA_BYTE, scheduling.attributes());
            if ((long) Native.CALL.invokeExact(number, thread, attributes, 0) != 0) {
                LOG.debug("A thread can't be made nicer");
            }
        } catch (Throwable e) {
            LOG.debug("A thread can't be made nicer", e);
        }
    }

    /** Looked up when it is used first. */
    private static final class Native {

        /** {@code syscall(2)}, because the C library knows the call by its name only since lately. */
        private static final MethodHandle CALL = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(1));

        /** Of {@code sched_setattr}; 0 where it is unknown. */
        static long numberOfSetAttributes() {
            if (!System.getProperty("os.name", "").equals("Linux")) {
                return 0;
            }
            return switch (System.getProperty("os.arch", "")) {
                case "amd64" -> 314;
                case "aarch64" -> 274;
                default -> 0;
            };
        }
    }
}
