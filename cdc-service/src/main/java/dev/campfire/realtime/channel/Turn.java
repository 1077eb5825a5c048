package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits to be written in a loop's turn, by channel, in the order in which the channels came. It is kept here and not with the
 * channels, which are many and of which each gets little: what of them is not in the processor's cache is touched once. Used by one
 * loop.
 */
final class Turn {

    /** So many channels are looked at before anything is written to the first, so that memory is asked for all of them together. */
    private static final int ROW = 64;

    private final List<LocalChannel> channels = new ArrayList<>();

    /** What waits for the channel at the same place; longer than the channels are, and used again. */
    private final List<List<Delivery>> deliveries = new ArrayList<>();

    /** What was found by looking: nothing that anybody needs, but something has to be done with what is read, or it is not. */
    private int seen;

    /** Adds a delivery to what waits for its channel. */
    void add(Delivery delivery) {
        LocalChannel channel = delivery.to();
        if (channel.place < 0) {
            channel.place = channels.size();
            channels.add(channel);
            if (deliveries.size() == channel.place) {
                deliveries.add(new ArrayList<>(2));
            }
        }
        deliveries.get(channel.place).add(delivery);
    }

    int channels() {
        return channels.size();
    }

    /** The channel that was added last; there has to be one. */
    LocalChannel last() {
        return channels.getLast();
    }

    /**
     * Writes everything, and nothing waits then.
     *
     * @param isAlone whether nothing of this turn is for another channel
     * @return how many messages reached how many subscribers, multiplied
     */
    long deliver(ByteBufAllocator allocator, List<Outlet> unflushed, boolean isAlone) {
        long delivered = 0;
        for (int start = 0; start < channels.size(); start += ROW) {
            int end = Math.min(channels.size(), start + ROW);
            if (end - start > 1) {
                look(start, end);
            }
            for (int i = start; i < end; i++) {
                LocalChannel channel = channels.get(i);
                List<Delivery> waiting = deliveries.get(i);
                channel.place = -1;
                delivered += channel.deliver(waiting, allocator, unflushed, isAlone);
                waiting.clear();
            }
        }
        channels.clear();
        return delivered;
    }

    private void look(int start, int end) {
        for (int i = start; i < end; i++) {
            seen += channels.get(i).look();
        }
    }
}
