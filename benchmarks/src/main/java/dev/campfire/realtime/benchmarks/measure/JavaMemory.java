package dev.campfire.realtime.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The heap of a Java process on this machine, as the process itself tells of it. */
public final class JavaMemory {

    private static final Pattern USED = Pattern.compile("total [^\\n]*?used (\\d+)K");
    private static final long KILOBYTE = 1024;

    private final long pid;

    public JavaMemory(long pid) {
        this.pid = pid;
    }

    /** What is used of the heap after a full collection, which it asks for and which it waits for; in bytes. */
    public long heap() throws IOException, InterruptedException {
        ask("GC.run");
        // One line for the heap, or one for each generation.
        String told = ask("GC.heap_info");
        long[] kilobytes = USED.matcher(told)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .toArray();
        if (kilobytes.length == 0) {
            throw new IOException("nothing is told of the heap in: " + told);
        }
        long sum = 0;
        for (long each : kilobytes) {
            sum += each * KILOBYTE;
        }
        return sum;
    }

    private String ask(String command) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd does not reach the process: " + answer);
        }
        return answer;
    }
}
