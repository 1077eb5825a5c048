package dev.campfire.realtime.benchmarks.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where the numbers come from, and how busy it was with other things.
 *
 * @param processors how many the machine has, whatever this process is pinned to
 * @param load the load average of the last minute
 */
record Machine(long processors, double load) {

    static Machine now() {
        return new Machine(
                processorsOfMachine(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static long processorsOfMachine() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.matches("cpu\\d+ .*")).count();
        } catch (IOException e) {
            // No Linux: what this process sees is the best that there is.
            return Runtime.getRuntime().availableProcessors();
        }
    }

    String text() {
        return String.format(Locale.ROOT, "%d processors, load average %.2f at the start", processors, load);
    }

    ObjectNode json(ObjectNode into) {
        return into.put("processors", processors)
                .put("loadAverage", load)
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("architecture", System.getProperty("os.arch"))
                .put("java", Runtime.version().toString());
    }
}
