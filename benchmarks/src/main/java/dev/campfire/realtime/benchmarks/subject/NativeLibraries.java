package dev.campfire.realtime.benchmarks.subject;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The native libraries of the class path, laid out as the image has them. */
public final class NativeLibraries {

    private NativeLibraries() {}

    /**
     * Unpacks those of this machine's architecture.
     *
     * @param folder where they go; the caller deletes it
     */
    public static Path unpack(Path folder) throws IOException {
        folder.toFile().deleteOnExit();
        boolean isArm = System.getProperty("os.arch").equals("aarch64");
        String netty = isArm ? "_aarch_64.so" : "_x86_64.so";
        String rocksdb = isArm ? "librocksdbjni-linux-aarch64.so" : "librocksdbjni-linux64.so";
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.endsWith(".jar")) {
                continue;
            }
            try (JarFile jar = new JarFile(entry)) {
                for (Enumeration<JarEntry> files = jar.entries(); files.hasMoreElements(); ) {
                    JarEntry file = files.nextElement();
                    String name = Path.of(file.getName()).getFileName().toString();
                    if (name.equals(rocksdb) || name.startsWith("libnetty_") && name.endsWith(netty)) {
                        Path unpacked = folder.resolve(name);
                        Files.copy(jar.getInputStream(file), unpacked);
                        unpacked.toFile().deleteOnExit();
                    }
                }
            }
        }
        return folder;
    }
}
