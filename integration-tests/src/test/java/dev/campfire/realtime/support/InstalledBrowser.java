package dev.campfire.realtime.support;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The Chromium of this machine, as Debian and others install it; the system property {@code campfire.test.browser} names another. */
final class InstalledBrowser {

    private InstalledBrowser() {}

    /** Its program; empty when there is none. */
    static Optional<Path> find() {
        String wish = System.getProperty("campfire.test.browser", "");
        Stream<Path> candidates = wish.isEmpty()
                ? Stream.of("chromium", "chromium-browser", "google-chrome").flatMap(InstalledBrowser::onPath)
                : Stream.of(Path.of(wish));
        return candidates.filter(Files::isExecutable).findFirst();
    }

    private static Stream<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program));
    }
}
