package dev.campfire.realtime.journal;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What others keep in a journal beside its entries: small values under names, which are gone when the journal is. Those that
 * are appended with entries ({@link Journal#append}) are there exactly when the entries are. Any thread; blocks for as long as
 * the disk takes.
 */
public interface Notes {

    /** The value of this name; null when there is none. */
    byte @Nullable [] read(String name) throws IOException;

    /** All values whose names begin so, by their names. */
    SortedMap<String, byte[]> all(String prefix) throws IOException;

    /** Writes these, all or none; they have outlived a loss of power when this returns. */
    void write(List<Note> notes) throws IOException;

    /** Removes all whose names begin so. */
    void forget(String prefix) throws IOException;
}
