package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.changes.MissedChange;
import dev.campfire.realtime.changes.Need;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.ReadPoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was missed, made ready for whoever reads it: each has to be judged, but those who are told the same get the
 * same bytes. Safe for use by several threads.
 *
 * <p>Once there are bytes, a page that is kept for others lets go of what they were made of: a crowd's pages are what a young
 * collection has to copy, and of each change that would be some thirty objects.
 */
final class MissedPage {

    /** Frames are kept for so many topics, versions of the protocol and choices of messages: one channel has few. */
    private static final int MOST_WORDINGS = 4;

    /** What a message takes besides its bytes, about; and with what it was made of. */
    private static final int MESSAGE = 256;

    private static final int WHOLE_MESSAGE = 768;

    private final Content content;
    private final ReadPoint next;
    private final boolean isAtEnd;

    /**
     * What frames depend on.
     *
     * @param told the places of the messages that are in them
     */
    record Wording(Serializer format, String topic, BitSet told) {}

    /** For whom a page is kept. */
    enum Keeping {
        /** For nobody: who reads it has it for itself. */
        NOT,
        /** As bytes for those who are told the same. */
        BYTES,
        /** With all that it is made of, for those who need that. */
        WHOLE
    }

    /** What is in it, wherever it ends. */
    private static final class Content {
        private final List<Need> needs;
        private final Keeping keeping;
        private final boolean isEmpty;
        private final int bytes;
        private final ConcurrentMap<Wording, byte[]> frames = new ConcurrentHashMap<>(2);
        private volatile @Nullable List<MissedChange> changes;

        Content(List<MissedChange> changes, Keeping keeping) {
            List<Need> all = new ArrayList<>(changes.size());
            int size = 0;
            for (MissedChange change : changes) {
                all.addAll(change.needs());
                for (Message message : change.whole()) {
                    size += message.size();
                }
            }
            this.changes = changes;
            this.keeping = keeping;
            this.needs = all;
            this.isEmpty = changes.isEmpty();
            this.bytes = size;
        }
    }

    private MissedPage(Content content, ReadPoint next, boolean isAtEnd) {
        this.content = content;
        this.next = next;
        this.isAtEnd = isAtEnd;
    }

    static MissedPage of(JournalReader.Page page, Keeping keeping) {
        List<MissedChange> changes = new ArrayList<>(page.entries().size());
        for (JournalEntry entry : page.entries()) {
            changes.add(new MissedChange(entry.change(), entry.events(), !entry.isEventsOnly()));
        }
        return new MissedPage(new Content(changes, keeping), page.next(), page.isAtEnd());
    }

    /** The same page with another end: behind it, there is nothing up to there. */
    MissedPage endingAt(MissedPage nothing) {
        return new MissedPage(content, nothing.next, nothing.isAtEnd);
    }

    /** The same page, behind which there is something now. */
    MissedPage notAtEnd() {
        return new MissedPage(content, next, false);
    }

    /** What was missed; null when only bytes are left of it. */
    @Nullable
    List<MissedChange> changes() {
        return content.changes;
    }

    /** What has to be seen of each message that those get who see everything. */
    List<Need> needs() {
        return content.needs;
    }

    ReadPoint next() {
        return next;
    }

    /** Whether there was nothing behind it when it was read. */
    boolean isAtEnd() {
        return isAtEnd;
    }

    boolean isEmpty() {
        return content.isEmpty;
    }

    /** About how many bytes of memory this takes while it is kept. */
    int size() {
        // The images and the frames, and the payloads.
        long size = content.keeping == Keeping.WHOLE
                ? 3L * content.bytes + (long) WHOLE_MESSAGE * content.needs.size()
                : 2L * content.bytes + (long) MESSAGE * content.needs.size();
        return (int) Math.min(size + MESSAGE, Integer.MAX_VALUE);
    }

    /**
     * The frames of the messages that are told; null when they are not known, and what they are made of is not here. The buffer
     * belongs to the caller, its bytes may be shared.
     */
    @Nullable
    ByteBuf frames(Wording wording, FrameEncoder encoder) {
        // In this order: where there are no changes any more there are bytes.
        List<MissedChange> changes = content.changes;
        byte[] known = content.frames.get(wording);
        if (known != null) {
            return Unpooled.wrappedBuffer(known);
        }
        if (changes == null) {
            return null;
        }
        ByteBuf frames = encode(told(changes, wording.told()), encoder);
        if (content.keeping == Keeping.NOT || content.frames.size() >= MOST_WORDINGS) {
            return frames;
        }
        try {
            known = ByteBufUtil.getBytes(frames);
        } finally {
            frames.release();
        }
        content.frames.put(wording, known);
        if (content.keeping == Keeping.BYTES) {
            content.changes = null;
        }
        return Unpooled.wrappedBuffer(known);
    }

    private static List<Message> told(List<MissedChange> changes, BitSet told) {
        List<Message> messages = new ArrayList<>(told.cardinality());
        int place = 0;
        for (MissedChange change : changes) {
            for (Message message : change.whole()) {
                if (told.get(place++)) {
                    messages.add(message);
                }
            }
        }
        return messages;
    }

    /** The frames of some messages; they belong to the caller. */
    static ByteBuf encode(List<Message> messages, FrameEncoder encoder) {
        int size = 0;
        for (Message message : messages) {
            size += message.size() + encoder.overhead();
        }
        ByteBuf frames = ByteBufAllocator.DEFAULT.directBuffer(Math.max(size, 16));
        try {
            for (Message message : messages) {
                encoder.encode(message, frames);
            }
            return frames;
        } catch (RuntimeException | Error e) {
            frames.release();
            throw e;
        }
    }
}
