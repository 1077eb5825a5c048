package dev.campfire.realtime.journal;

import dev.campfire.realtime.mapping.Event;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A journal as its operator sees it: every channel and every stretch, whoever may see what. Safe for use by several
 * threads; reads block for as long as the disk takes.
 */
public interface Archive {

    /**
     * What was read.
     *
     * @param events in their order
     * @param next where to go on
     * @param isAtEnd whether there was nothing behind it when it was read
     * @param isGap whether something is, or may be, missing between the last place that was read and {@code next}: retention
     *     has removed it, or it never came
     */
    record Page(List<Event> events, ReadPoint next, boolean isAtEnd, boolean isGap) {

        public Page {
            events = List.copyOf(events);
        }
    }

    /**
     * What there is.
     *
     * @param eras the stretches without gaps
     * @param oldest when the oldest block was appended; null when there is none
     * @param newest when the newest was
     * @param oldestId the id of the oldest place that can be begun with; null when there is none
     * @param newestId the id behind which everything newer follows
     * @param bytes how much is kept, before compression
     * @param bytesOnDisk of all files
     */
    record Contents(
            List<Era> eras,
            @Nullable Instant oldest,
            @Nullable Instant newest,
            @Nullable String oldestId,
            @Nullable String newestId,
            long bytes,
            long bytesOnDisk) {}

    /**
     * One side of a channel.
     *
     * @param first the number of its first event that is kept; 0 when none is
     * @param last the number of its last event, kept or not
     */
    record ChannelNumbers(String channel, boolean isPrivate, long first, long last) {}

    /** @param next what to ask for to go on; null when there are no more */
    record ChannelPage(
            List<ChannelNumbers> channels, @Nullable String next) {}

    /** In front of everything that is kept. */
    ReadPoint beginning();

    /** Behind the newest entry. */
    ReadPoint end();

    /** In front of the first entry that was appended at this time or later. */
    ReadPoint at(Instant time) throws IOException;

    /**
     * The place right behind an event.
     *
     * @param id an event's position, or the id that clients know it by
     * @return empty when it is not known, or of another history
     */
    Optional<ReadPoint> behind(String id) throws IOException;

    /** Whether retention has removed nothing that stood behind a place. */
    boolean isKept(ReadPoint point);

    /** The id that somebody goes on from who has read everything before the point; null when there is none. */
    @Nullable
    String id(ReadPoint point);

    /** How many bytes stand before a place, of all that were ever appended. */
    long bytesBefore(ReadPoint point) throws IOException;

    /**
     * Reads on, through no more than a few megabytes.
     *
     * @param to behind here nothing is read; null for no such place
     * @param most how many events at most
     */
    Page scan(EventFilter filter, ReadPoint from, @Nullable ReadPoint to, int most) throws IOException;

    Contents contents() throws IOException;

    /**
     * The channels that there ever were events of, in the order of their names.
     *
     * @param wanted which of them
     * @param after what the page before gave for {@link ChannelPage#next}; null for the first
     * @param most how many at most; fewer, or none, when many have to be looked at
     */
    ChannelPage channels(Predicate<String> wanted, @Nullable String after, int most) throws IOException;

    /**
     * Goes through everything: checks each block's checksum, reads each entry, and looks whether the numbers of each channel
     * follow one another and the index leads to what is there.
     *
     * @param watcher told now and then how far it has come
     */
    Survey survey(Watcher watcher) throws IOException, InterruptedException;

    /** Hears how far a survey has come; ends it by throwing. */
    @FunctionalInterface
    interface Watcher {

        /** So many bytes have been looked at. */
        void at(long bytes) throws IOException, InterruptedException;
    }
}
