package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel's subscribers on one loop that get the same bytes, because they speak the same version and joined under the
 * same topic.
 *
 * <p>All that waits for the channel is encoded once, one frame behind the other, into buffers of some hundred kilobytes;
 * each subscriber's outlet shares that buffer. The group allocates it and gives up its own reference when the last
 * subscriber has theirs; every outlet releases its own. Used by one loop.
 */
final class SubscriberGroup {

    /** Frames are encoded in pieces of about this many bytes: enough for one write to be worth its while. */
    private static final int PIECE = 256 * 1024;

    private final FrameFormat format;
    private final String topic;
    private final FrameEncoder encoder;

    private Subscription[] members = new Subscription[2];
    /** Those of the members; none for who is not to get what is being sent. */
    private final StraightLines lines = new StraightLines();

    private int size;

    SubscriberGroup(FrameFormat format, String topic) {
        this.format = format;
        this.topic = topic;
        this.encoder = format.forTopic(topic);
    }

    boolean serves(FrameFormat format, String topic) {
        return this.format == format && this.topic.equals(topic);
    }

    /** The group among these that serves the same; this one, which is added, when there is none. */
    SubscriberGroup sameIn(List<SubscriberGroup> groups) {
        for (SubscriberGroup group : groups) {
            if (group.serves(format, topic)) {
                return group;
            }
        }
        groups.add(this);
        return this;
    }

    /** A group without members that serves the same. */
    SubscriberGroup another() {
        return new SubscriberGroup(format, topic);
    }

    int size() {
        return size;
    }

    void add(Subscription member) {
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
        }
        member.index = size;
        lines.put(size, member.outlet().line());
        members[size++] = member;
    }

    void remove(Subscription member) {
        Subscription last = members[--size];
        members[member.index] = last;
        lines.moveLast(size, member.index);
        last.index = member.index;
        Arrays.fill(members, size, size + 1, null);
        member.index = -1;
    }

    /** Looks at what is looked at for a delivery to the first member; what it gives means nothing. */
    int look() {
        return size > 0 && members[0].isSender ? encoder.overhead() : -encoder.overhead();
    }

    /**
     * Writes deliveries to every member, in order.
     *
     * @param unflushed gets the outlets that now wait for a flush
     * @param isAlone whether nobody gets anything else in this turn: what is one piece is then sent at once, and those who have
     *     not taken it all are among the unflushed
     * @return how many messages reached how many members, multiplied
     */
    long deliver(List<Delivery> deliveries, ByteBufAllocator allocator, List<Outlet> unflushed, boolean isAlone) {
        long delivered = 0;
        int next = 0;
        while (next < deliveries.size()) {
            int end = endOfPiece(deliveries, next);
            boolean isOnly = isAlone && next == 0 && end == deliveries.size();
            delivered += deliverPiece(deliveries.subList(next, end), allocator, unflushed, isOnly);
            next = end;
        }
        return delivered;
    }

    /** Writes messages to one subscriber, who need not be a member. */
    void writeTo(Subscription to, List<Message> messages, ByteBufAllocator allocator) {
        for (Message message : messages) {
            ByteBuf frame = allocator.directBuffer(message.size() + encoder.overhead());
            try {
                encoder.encode(message, frame);
            } catch (RuntimeException | Error e) {
                frame.release();
                throw e;
            }
            if (frame.isReadable()) {
                to.outlet().write(frame);
            } else {
                frame.release();
            }
        }
    }

    /** A piece is for the same ones from its first message to its last. */
    private int endOfPiece(List<Delivery> deliveries, int start) {
        int end = start;
        Set<?> only = deliveries.get(start).only();
        for (int bytes = 0; end < deliveries.size() && bytes < PIECE; end++) {
            if (deliveries.get(end).only() != only) {
                break;
            }
            bytes += frameSize(deliveries.get(end));
        }
        return end;
    }

    private int frameSize(Delivery delivery) {
        return delivery.message().size() + encoder.overhead();
    }

    private long deliverPiece(
            List<Delivery> piece, ByteBufAllocator allocator, List<Outlet> unflushed, boolean isOnly) {
        Set<?> only = piece.getFirst().only();
        if (only != null && !hasAnyOf(only)) {
            return 0;
        }
        int capacity = 0;
        int receivers = 0;
        boolean hasSenders = false;
        for (Delivery delivery : piece) {
            capacity += frameSize(delivery);
            hasSenders |= isOfSender(delivery);
        }
        ByteBuf frames = allocator.directBuffer(capacity);
        try {
            if (hasSenders) {
                deliverAroundSenders(piece, frames, unflushed, isOnly);
            } else {
                for (Delivery delivery : piece) {
                    encoder.encode(delivery.message(), frames);
                }
                receivers = isOnly ? send(frames, only, unflushed) : write(frames, only, unflushed);
            }
        } finally {
            frames.release();
        }
        return (long) piece.size() * (hasSenders ? size : receivers);
    }

    private int write(ByteBuf frames, @Nullable Set<?> only, List<Outlet> unflushed) {
        int receivers = 0;
        for (int i = 0; i < size; i++) {
            if (!members[i].isSender && members[i].isAmong(only)) {
                write(members[i], frames, 0, frames.writerIndex(), unflushed);
                receivers++;
            }
        }
        return receivers;
    }

    /**
     * One pass over the members where the other way takes two, and past all that belongs to a member where what is sent is for
     * everybody: with thousands of them, memory is what it waits for.
     */
    private int send(ByteBuf frames, @Nullable Set<?> only, List<Outlet> unflushed) {
        if (!frames.isReadable()) {
            return 0;
        }
        if (only == null && frames.hasMemoryAddress()) {
            lines.send(frames, size, (place, taken) -> sendBehind(taken, frames, members[place], unflushed));
            return size;
        }
        int receivers = 0;
        for (int i = 0; i < size; i++) {
            if (members[i].isAmong(only)) {
                sendBehind(0, frames, members[i], unflushed);
                receivers++;
            }
        }
        return receivers;
    }

    private static void sendBehind(int taken, ByteBuf frames, Subscription member, List<Outlet> unflushed) {
        if (!member.isSender && !member.outlet().send(frames, taken, frames.writerIndex())) {
            unflushed.add(member.outlet());
        }
    }

    private boolean isOfSender(Delivery delivery) {
        for (Subscription sender : delivery.except()) {
            if (sender.group() == this) {
                return true;
            }
        }
        return false;
    }

    private boolean hasAnyOf(Set<?> only) {
        for (int i = 0; i < size; i++) {
            if (members[i].isAmong(only)) {
                return true;
            }
        }
        return false;
    }

    /** The same when some members are not to hear what they said themselves: they get the bytes around it. */
    private void deliverAroundSenders(List<Delivery> piece, ByteBuf frames, List<Outlet> unflushed, boolean isOnly) {
        int[] ends = new int[piece.size()];
        List<Subscription> senders = new ArrayList<>(1);
        for (int i = 0; i < ends.length; i++) {
            encoder.encode(piece.get(i).message(), frames);
            ends[i] = frames.writerIndex();
            markSenders(piece.get(i), senders);
        }
        senders.forEach(sender -> writeToSender(sender, piece, frames, ends, unflushed));
        if (isOnly) {
            send(frames, null, unflushed);
        } else {
            write(frames, null, unflushed);
        }
        senders.forEach(this::unmarkSender);
    }

    private void markSenders(Delivery delivery, List<Subscription> senders) {
        for (Subscription sender : delivery.except()) {
            // Another loop's subscription has another group: its fields are not ours to touch.
            if (sender.group() == this && !sender.isSender) {
                sender.isSender = true;
                lines.put(sender.index, null);
                senders.add(sender);
            }
        }
    }

    private void unmarkSender(Subscription sender) {
        sender.isSender = false;
        lines.put(sender.index, sender.outlet().line());
    }

    private static void writeToSender(
            Subscription sender, List<Delivery> piece, ByteBuf frames, int[] ends, List<Outlet> unflushed) {
        int start = 0;
        for (int i = 0; i < ends.length; i++) {
            if (piece.get(i).except().contains(sender)) {
                int end = i == 0 ? 0 : ends[i - 1];
                write(sender, frames, start, end, unflushed);
                start = ends[i];
            }
        }
        write(sender, frames, start, frames.writerIndex(), unflushed);
    }

    private static void write(Subscription to, ByteBuf frames, int start, int end, List<Outlet> unflushed) {
        if (end > start && to.outlet().write(frames, start, end)) {
            unflushed.add(to.outlet());
        }
    }

    /** Tells every member that something was not written. */
    void fail(Throwable cause) {
        List<Outlet> outlets = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            outlets.add(members[i].outlet());
        }
        outlets.forEach(outlet -> outlet.fail(cause));
    }
}
