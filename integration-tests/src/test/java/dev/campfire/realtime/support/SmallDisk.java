package dev.campfire.realtime.support;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few megabytes that can be full; where mounting is not allowed, a folder like every other. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;
    private final boolean isSmall;

    private SmallDisk(Path folder, boolean isSmall) {
        this.folder = folder;
        this.isSmall = isSmall;
    }

    public static SmallDisk mount(int megabytes) throws IOException, InterruptedException {
        Path folder = Repository.newFolder("disk");
        boolean isMounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()) == 0;
        return new SmallDisk(folder, isMounted);
    }

    public Path folder() {
        return folder;
    }

    /** Whether it can be filled. */
    public boolean isSmall() {
        return isSmall;
    }

    /** Leaves not a byte of room. */
    public void fill() throws IOException {
        byte[] zeros = new byte[1 << 16];
        try (RandomAccessFile file = new RandomAccessFile(ballast().toFile(), "rw")) {
            for (int length = zeros.length; length > 0; ) {
                try {
                    file.write(zeros, 0, length);
                } catch (IOException e) {
                    length /= 2;
                }
            }
        }
    }

    /** Gives back the room. */
    public void empty() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    @Override
    public void close() {
        try {
            if (isSmall) {
                run("umount", folder.toString());
            } else {
                DirectoryTree.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
