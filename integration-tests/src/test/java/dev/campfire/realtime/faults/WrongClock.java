package dev.campfire.realtime.faults;

import dev.campfire.realtime.support.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Another time for one process, by Debian's libfaketime. */
final class WrongClock {

    private WrongClock() {}

    /**
     * Where it is; empty when it is not installed.
     *
     * @throws IllegalStateException when it is not installed and this is a CI
     */
    static Optional<Path> library() {
        Optional<Path> found = Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
                .map(machine -> Path.of("/usr/lib", machine, "faketime", "libfaketime.so.1"))
                .filter(Files::exists)
                .findFirst();
        if (found.isEmpty() && System.getenv("CI") != null) {
            throw new IllegalStateException("libfaketime is not installed: .ci/run installs it");
        }
        return found;
    }

    /**
     * Has the service live in another time when it starts the next time.
     *
     * @param offset such as {@code -2h}
     */
    static void set(ServiceProcess.Settings settings, Path library, String offset) {
        settings.with("LD_PRELOAD", library.toString()).with("FAKETIME", offset);
    }
}
