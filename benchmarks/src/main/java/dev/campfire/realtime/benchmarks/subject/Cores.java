package dev.campfire.realtime.benchmarks.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who runs on which processors: what is measured has some for itself, and the load, Postgres and this process share the
 * others, so that neither takes the other's time. Without {@code taskset}, or with one processor, everybody runs
 * everywhere.
 */
public final class Cores {

    private final List<Integer> subject;
    private final List<Integer> load;

    private Cores(List<Integer> subject, List<Integer> load) {
        this.subject = subject;
        this.load = load;
    }

    /** @param wanted whether to pin at all */
    public static Cores choose(boolean wanted) throws IOException {
        List<Integer> allowed = allowed();
        if (!wanted || allowed.size() < 2 || !tasksetIsThere()) {
            return new Cores(List.of(), List.of());
        }
        int half = allowed.size() / 2;
        return new Cores(allowed.subList(0, half), allowed.subList(half, allowed.size()));
    }

    private static List<Integer> allowed() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        String list = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
        return parse(list);
    }

    /** Reads a list as the kernel writes it, such as {@code 0-3,8}. */
    static List<Integer> parse(String list) {
        List<Integer> processors = new ArrayList<>();
        for (String range : list.split(",")) {
            if (!range.isBlank()) {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = Integer.parseInt(range.substring(dash + 1));
                for (int i = first; i <= last; i++) {
                    processors.add(i);
                }
            }
        }
        return processors;
    }

    private static boolean tasksetIsThere() {
        return Files.isExecutable(Path.of("/usr/bin/taskset")) || Files.isExecutable(Path.of("/bin/taskset"));
    }

    public boolean pinned() {
        return !subject.isEmpty();
    }

    /** Confines this process to the load's processors, and with it all that it starts from now on, such as Postgres. */
    public void confineThisProcess() throws IOException, InterruptedException {
        if (pinned()) {
            List<String> command = List.of(
                    "taskset",
                    "-a",
                    "-c",
                    "-p",
                    join(load),
                    Long.toString(ProcessHandle.current().pid()));
            int status = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("taskset could not pin this process: try --no-pin");
            }
        }
    }

    /** What has to stand before the command of what is measured. */
    public List<String> prefixOfSubject() {
        return pinned() ? List.of("taskset", "-c", join(subject)) : List.of();
    }

    private static String join(List<Integer> processors) {
        return processors.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return pinned() ? "subject on " + join(subject) + ", Postgres and load on " + join(load) : "not pinned";
    }
}
