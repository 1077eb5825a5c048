package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The straight lines to a group's members, by the members' places. Used by one loop. */
final class StraightLines {

    /** So many are looked at before anything is sent to them, so that memory is asked for all of them together. */
    private static final int ROW = Long.SIZE;

    private @Nullable StraightLine[] lines = new StraightLine[2];

    void put(int place, @Nullable StraightLine line) {
        if (place >= lines.length) {
            lines = Arrays.copyOf(lines, Math.max(place + 1, lines.length * 2));
        }
        lines[place] = line;
    }

    /** Lets the last one have another place. */
    void moveLast(int last, int place) {
        lines[place] = lines[last];
        lines[last] = null;
    }

    /** What is left to be done for a member that did not get all of what was sent. */
    interface Remainder {

        /** @param taken how many bytes the member's socket has got; 0 when it has no open line */
        void send(int place, int taken);
    }

    /**
     * Sends bytes to everybody whose line is open.
     *
     * @param size how many members there are
     * @param remainder gets, in between and in order, the members who did not get all of them
     */
    void send(ByteBuf frames, int size, Remainder remainder) {
        int end = frames.writerIndex();
        long address = frames.memoryAddress();
        for (int start = 0; start < size; start += ROW) {
            int next = Math.min(size, start + ROW);
            long open = open(start, next);
            for (int place = start; place < next; place++) {
                StraightLine line = lines[place];
                int taken = line != null && (open & 1L << place) != 0 ? line.send(address, end) : 0;
                if (taken < end) {
                    remainder.send(place, taken);
                }
            }
        }
    }

    /** Which of a row are open, as bits. */
    private long open(int start, int end) {
        long open = 0;
        for (int place = start; place < end; place++) {
            StraightLine line = lines[place];
            if (line != null && line.isOpen()) {
                open |= 1L << place;
            }
        }
        return open;
    }
}
