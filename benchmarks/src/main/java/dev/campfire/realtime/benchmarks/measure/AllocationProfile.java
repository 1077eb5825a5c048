package dev.campfire.realtime.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Who allocates what, by the samples of a Flight Recorder's recording. */
public final class AllocationProfile {

    private static final String SAMPLE = "jdk.ObjectAllocationSample";

    /**
     * One place where objects of one class are made.
     *
     * @param type the class
     * @param place the nearest method of the service or of its libraries
     * @param share of all that was allocated, by weight
     */
    public record Site(String type, String place, double share) {}

    private final Map<Site, Long> weights = new HashMap<>();
    private long total;

    /**
     * Reads a recording.
     *
     * @param since what was allocated before does not count
     */
    public static AllocationProfile read(Path recording, Instant since) throws IOException {
        AllocationProfile profile = new AllocationProfile();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals(SAMPLE)
                        && event.getStartTime().isAfter(since)
                        && !isOfManagement(event.getThread())) {
                    RecordedClass type = event.getClass("objectClass");
                    profile.add(type.getName(), place(event.getStackTrace()), event.getLong("weight"));
                }
            }
        }
        return profile;
    }

    /** Whoever looks into the process from outside is served by threads of the Java virtual machine's own. */
    private static boolean isOfManagement(@Nullable RecordedThread thread) {
        return thread != null
                && thread.getJavaName() != null
                && (thread.getJavaName().startsWith("RMI ")
                        || thread.getJavaName().startsWith("JFR ")
                        || thread.getJavaName().startsWith("Attach "));
    }

    private static String place(@Nullable RecordedStackTrace trace) {
        if (trace == null) {
            return "?";
        }
        return trace.getFrames().stream()
                .filter(RecordedFrame::isJavaFrame)
                .map(frame -> frame.getMethod().getType().getName() + "."
                        + frame.getMethod().getName())
                .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("sun."))
                .findFirst()
                .orElse("?");
    }

    void add(String type, String place, long weight) {
        weights.merge(new Site(type, place, 0), weight, Long::sum);
        total += weight;
    }

    /** The places that allocate most, the greatest first. */
    public List<Site> greatest(int count) {
        return weights.entrySet().stream()
                .sorted(Map.Entry.<Site, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(count)
                .map(entry ->
                        new Site(entry.getKey().type(), entry.getKey().place(), (double) entry.getValue() / total))
                .toList();
    }
}
