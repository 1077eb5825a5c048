package dev.campfire.realtime.benchmarks.load;

import dev.campfire.realtime.benchmarks.subject.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The program that makes load, ready to be started. */
public final class LoadProgram {

    private static final String SOURCE = "load.c";

    private final List<String> command;
    private final String title;

    private LoadProgram(List<String> command, String title) {
        this.command = command;
        this.title = title;
    }

    /**
     * Compiles the program into the folder, or takes the one in Java where there is no compiler.
     *
     * @param compiler such as {@code cc}
     */
    public static LoadProgram prepare(Path folder, String compiler) throws IOException, InterruptedException {
        Optional<Path> found = Programs.find(compiler);
        if (found.isEmpty()) {
            return new LoadProgram(java(), "Java, because there is no " + compiler);
        }
        Files.createDirectories(folder);
        Path source = folder.resolve(SOURCE);
        try (InputStream in = LoadProgram.class.getResourceAsStream("/load/" + SOURCE)) {
            if (in == null) {
                throw new IOException(SOURCE + " is not on the class path");
            }
            Files.write(source, in.readAllBytes());
        }
        // By process: two benchmarks at once must not overwrite what the other runs.
        Path program = folder.resolve("load-" + ProcessHandle.current().pid());
        Path log = folder.resolve("load-compiler.log");
        int status = new ProcessBuilder(
                        found.get().toString(),
                        "-O2",
                        "-std=gnu11",
                        "-pthread",
                        "-o",
                        program.toString(),
                        source.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            return new LoadProgram(java(), "Java, because " + compiler + " failed: see " + log);
        }
        program.toFile().deleteOnExit();
        return new LoadProgram(List.of(program.toString()), "C");
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoadMain.class.getName());
    }

    /** In which language it is, and why. */
    public String title() {
        return title;
    }

    /**
     * Starts it.
     *
     * @param subject what is loaded, for messages
     * @param log for what it complains about
     */
    public LoadClient start(LoadTarget target, String subject, Path log) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(target.arguments());
        return new LoadClient(
                new ProcessBuilder(line).redirectError(log.toFile()).start(), subject);
    }
}
