package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.changes.MissedChange;
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
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A page of what was missed, made ready for whoever reads it: each has to be judged, but those who see all of it get the
 * same bytes. Safe for use by several threads.
 */
final class MissedPage {

    /** Frames are kept for so many topics and versions of the protocol: one channel has few. */
    private static final int MOST_WORDINGS = 4;

    /** What an entry takes besides its messages, about. */
    private static final int ENTRY = 512;

    private final List<MissedChange> changes;
    private final ReadPoint next;
    private final boolean isAtEnd;
    private final List<Message> whole;
    private final boolean isShared;
    private final ConcurrentMap<Wording, byte[]> frames;

    /** What frames depend on besides the messages. */
    record Wording(Serializer format, String topic) {}

    private MissedPage(
            List<MissedChange> changes,
            ReadPoint next,
            boolean isAtEnd,
            List<Message> whole,
            boolean isShared,
            ConcurrentMap<Wording, byte[]> frames) {
        this.isShared = isShared;
        this.frames = frames;
        this.changes = changes;
        this.next = next;
        this.isAtEnd = isAtEnd;
        this.whole = whole;
    }

    /** @param isShared whether others may get it, too: then its frames are kept for them */
    static MissedPage of(JournalReader.Page page, boolean isShared) {
        List<MissedChange> changes = new ArrayList<>(page.entries().size());
        List<Message> whole = new ArrayList<>(page.entries().size());
        for (JournalEntry entry : page.entries()) {
            MissedChange change = new MissedChange(entry.change(), entry.events(), !entry.isEventsOnly());
            changes.add(change);
            whole.addAll(change.whole());
        }
        return new MissedPage(changes, page.next(), page.isAtEnd(), whole, isShared, new ConcurrentHashMap<>(2));
    }

    /** The same page with another end: behind it, there is nothing up to there. */
    MissedPage endingAt(MissedPage nothing) {
        return new MissedPage(changes, nothing.next, nothing.isAtEnd, whole, isShared, frames);
    }

    /** The same page, behind which there is something now. */
    MissedPage notAtEnd() {
        return new MissedPage(changes, next, false, whole, isShared, frames);
    }

    List<MissedChange> changes() {
        return changes;
    }

    ReadPoint next() {
        return next;
    }

    /** Whether there was nothing behind it when it was read. */
    boolean isAtEnd() {
        return isAtEnd;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** About how many bytes of memory this takes. */
    int size() {
        long size = ENTRY;
        for (Message message : whole) {
            // The images, the payload, and the frames.
            size += 3L * message.size() + ENTRY;
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** Whether these are the very messages of those who see all of it. */
    boolean isWhole(List<Message> messages) {
        if (messages.size() != whole.size()) {
            return false;
        }
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) != whole.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** The frames for those who see all of it; the buffer belongs to the caller, its bytes may be shared. */
    ByteBuf frames(Wording wording, FrameEncoder encoder) {
        if (!isShared) {
            return encode(whole, encoder);
        }
        byte[] known = frames.get(wording);
        if (known == null) {
            known = encode(encoder);
            if (frames.size() < MOST_WORDINGS) {
                frames.put(wording, known);
            }
        }
        return Unpooled.wrappedBuffer(known);
    }

    private byte[] encode(FrameEncoder encoder) {
        ByteBuf buffer = encode(whole, encoder);
        try {
            return ByteBufUtil.getBytes(buffer);
        } finally {
            buffer.release();
        }
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
