package dev.campfire.realtime.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The service's cache of linked classes, as the launcher and the image have one: with it a start takes half the processor
 * time, and the tests start the service hundreds of times. It is made once for each build, by the same command as there;
 * where that does not succeed, services start without one.
 */
final class ClassCache {

    private static final int PATIENCE_SECONDS = 120;

    private static final Optional<Path> FILE = find();

    private ClassCache() {}

    /** The options that let a Java with these options use it. */
    static List<String> options() {
        return FILE.map(file -> List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off"))
                .orElse(List.of());
    }

    private static Optional<Path> find() {
        Path file = Repository.output("classes-of-service").resolve("service.aot");
        try {
            Path jar = Repository.serviceJars().getFirst();
            if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) > 0) {
                return Optional.of(file);
            }
            Files.deleteIfExists(file);
            make(file);
        } catch (IOException e) {
            System.out.println("[integration tests] services start without a cache of classes: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    private static void make(Path file) throws IOException, InterruptedException {
        Path log = Repository.logFile("train");
        List<String> command = new ArrayList<>(ServiceProcess.java());
        command.addAll(List.of("-XX:AOTCacheOutput=" + file, "-cp", ServiceProcess.classPath()));
        command.addAll(List.of(ServiceProcess.MAIN, "train"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
        Process process = builder.start();
        try (Leash leash = Leash.onProcess(process.pid())) {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                Files.deleteIfExists(file);
                throw new IOException("it was not made in " + PATIENCE_SECONDS + " s, see " + log);
            }
        }
        if (!Files.exists(file)) {
            throw new IOException("the run that makes it ended with " + process.exitValue() + ", see " + log);
        }
    }
}
