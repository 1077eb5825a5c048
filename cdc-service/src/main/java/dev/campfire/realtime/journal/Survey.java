package dev.campfire.realtime.journal;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a journal by looking at all of it.
 *
 * @param oldest when the oldest block was appended; null when there is none
 * @param newest when the newest was
 * @param bytes before compression
 * @param bytesOnDisk of all files
 * @param uncounted how many events are of channels beyond the most that are counted one by one
 * @param channels in the order in which they appear
 * @param findings what is wrong, at most a hundred
 */
public record Survey(
        List<Era> eras,
        @Nullable Instant oldest,
        @Nullable Instant newest,
        long blocks,
        long changes,
        long events,
        long bytes,
        long bytesOnDisk,
        long uncounted,
        List<ChannelRange> channels,
        List<String> findings) {

    /**
     * The events of a channel that are there.
     *
     * @param first the number of the first
     * @param last the number of the last
     */
    public record ChannelRange(String channel, boolean isPrivate, long first, long last, long events) {}

    public Survey {
        eras = List.copyOf(eras);
        channels = List.copyOf(channels);
        findings = List.copyOf(findings);
    }
}
