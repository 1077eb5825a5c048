package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.mapping.Position;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The position up to which everything has been taken for good, in a file of one line. It is replaced as a whole, and is
 * on the disk before the next event goes out: whenever the tool or the machine dies, it holds the last position or the
 * one before.
 */
public final class PositionFile {

    private static final int LONGEST = 200;

    private final Path file;
    private @Nullable String saved;

    private PositionFile(Path file, @Nullable String saved) {
        this.file = file;
        this.saved = saved;
    }

    /**
     * Reads what is in there; the file may be missing.
     *
     * @throws IOException when it is something else, or can't be read
     */
    public static PositionFile open(Path file) throws IOException {
        Path place = file.toAbsolutePath();
        if (!Files.exists(place)) {
            Path folder = place.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                throw new IOException("The folder of the position file " + file + " does not exist.");
            }
            return new PositionFile(place, null);
        }
        String text = Files.size(place) > LONGEST ? "" : Files.readString(place).strip();
        if (Position.parse(text) == null) {
            throw new IOException(file + " holds no position. Is it the right file? Remove it to begin anew.");
        }
        return new PositionFile(place, text);
    }

    /** The position to go on behind; empty when nothing was ever taken. */
    public Optional<String> position() {
        return Optional.ofNullable(saved);
    }

    /** Everything up to here has been taken. */
    void save(String position) throws IOException {
        if (position.equals(saved)) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        // No channel: whoever is interrupted to end still has to note how far it came.
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            out.write((position + "\n").getBytes(StandardCharsets.US_ASCII));
            out.getFD().sync();
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        saved = position;
    }
}
