package dev.campfire.realtime.app;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.jar.JarFile;

/**
 * The classes that a change goes through, from the stream to the socket: loaded ahead of the first one where there is no
 * database that could send it.
 */
final class ServiceClasses {

    /** The service's own, and those of libraries that are in use from the first connection to the database on. */
    private static final List<String> PACKAGES = List.of(
            "dev/campfire/realtime/",
            "org/postgresql/",
            "io/debezium/connector/postgresql/",
            "io/debezium/pipeline/",
            "io/debezium/engine/",
            "io/debezium/embedded/",
            "com/zaxxer/hikari/",
            "org/rocksdb/");

    private ServiceClasses() {}

    /** Loads and links what the class path has of them; what cannot be is not in use either. */
    static void load() throws IOException {
        String classPath = ManagementFactory.getRuntimeMXBean().getClassPath();
        for (String entry : classPath.split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                try (JarFile jar = new JarFile(entry)) {
                    jar.stream()
                            .map(file -> file.getName())
                            .filter(ServiceClasses::isWanted)
                            .forEach(ServiceClasses::load);
                }
            }
        }
    }

    private static boolean isWanted(String name) {
        return name.endsWith(".class")
                && !name.endsWith("-info.class")
                && PACKAGES.stream().anyMatch(name::startsWith);
    }

    private static void load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            Class.forName(name, false, ServiceClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // Of a library that was left out on purpose.
            return;
        }
    }
}
