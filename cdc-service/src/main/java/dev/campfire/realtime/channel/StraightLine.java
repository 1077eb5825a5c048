package dev.campfire.realtime.channel;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The shortest way to one socket, for what goes to many: past its {@link Outlet}, straight to the operating system. Whoever
 * sends to thousands waits for memory most of the time, and this is all that has to be looked at of a subscriber. Used by the
 * socket's event loop alone.
 *
 * <p>It is open only while nothing waits at the outlet, which opens and closes it.
 */
public final class StraightLine {

    private @Nullable Socket socket;

    /** Nothing waits at the outlet any more. */
    public void open(Socket socket) {
        this.socket = socket;
    }

    /** Something waits at the outlet, or it takes nothing more. */
    public void close() {
        socket = null;
    }

    /** Whether something can be sent; asking many of them in a row is quicker than one by one between sending. */
    boolean isOpen() {
        Socket open = socket;
        return open != null && open.isOpen();
    }

    /**
     * Sends bytes as far as the operating system takes them.
     *
     * @param address where byte 0 is in memory
     * @return how many it took; none when this is not open. The outlet has to be given the rest before anything else is sent
     */
    public int send(long address, int end) {
        Socket open = socket;
        if (open == null || !open.isOpen()) {
            return 0;
        }
        try {
            return open.sendAddress(address, 0, end);
        } catch (IOException e) {
            // The outlet meets the same, and ends the socket as it always does.
            return 0;
        }
    }
}
