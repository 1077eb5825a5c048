package dev.campfire.realtime.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The npm packages of {@code src/test/js}: exactly those of {@code package-lock.json}, installed with {@code npm ci}
 * when they are not there yet. Where Node or npm is missing, the tests fail and say so.
 */
public final class NodeModules {

    private static final int OLDEST_NODE = 20;

    private NodeModules() {}

    /** The folder with the scripts, its packages installed. For several threads. */
    public static synchronized Path install() {
        Path folder = Repository.root().resolve("integration-tests/src/test/js");
        demandNode(folder);
        try {
            Path installed = folder.resolve("node_modules/.campfire-lock");
            String wanted = Files.readString(folder.resolve("package-lock.json"));
            if (Files.exists(installed) && Files.readString(installed).equals(wanted)) {
                return folder;
            }
            System.out.println("[integration tests] npm ci in " + folder);
            run(folder, List.of("npm", "ci", "--prefer-offline", "--loglevel=error"));
            Files.writeString(installed, wanted);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void demandNode(Path folder) {
        String version = run(folder, List.of("node", "--version")).strip();
        int major = Integer.parseInt(version.substring(1, version.indexOf('.')));
        if (major < OLDEST_NODE) {
            throw new IllegalStateException(
                    "Node.js " + version + " is too old for supabase-js: " + OLDEST_NODE + " or newer");
        }
    }

    private static String run(Path folder, List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "`" + command.getFirst() + "` can't be run: the integration tests need Node.js " + OLDEST_NODE
                            + " or newer with npm on the PATH",
                    e);
        }
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "`" + String.join(" ", command) + "` ended with " + status + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
