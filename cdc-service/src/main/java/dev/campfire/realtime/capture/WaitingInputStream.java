package dev.campfire.realtime.capture;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket's input whose {@link #available} waits for the first byte.
 *
 * <p>pgjdbc reads a replication stream either blocking, which holds a lock that acknowledgements need, or by asking
 * whether something is there. With this stream the question itself is the event: it is answered the moment a byte
 * arrives, or with 0 when the wait is over. A byte that arrives is read ahead and kept, so nothing is lost to a wait
 * that ends in the middle of a message.
 */
final class WaitingInputStream extends InputStream {

    private final InputStream in;
    private final Socket socket;
    private final int waitMillis;
    private final byte[] ahead = new byte[16 * 1024];
    private int position;
    private int limit;
    private boolean ended;

    /**
     * @param in what the socket reads
     * @param socket whose timeout bounds the wait
     * @param wait how long {@link #available} waits at most
     */
    WaitingInputStream(InputStream in, Socket socket, Duration wait) {
        this.in = in;
        this.socket = socket;
        this.waitMillis = Math.toIntExact(wait.toMillis());
    }

    /** Waits for a byte. At the end of the stream the answer is 1, so that the reader goes on to find the end. */
    @Override
    public int available() throws IOException {
        if (position < limit) {
            return limit - position;
        }
        if (ended) {
            return 1;
        }
        int ready = in.available();
        if (ready > 0) {
            return ready;
        }
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(waitMillis);
        try {
            int read = in.read(ahead, 0, ahead.length);
            if (read < 0) {
                ended = true;
                return 1;
            }
            position = 0;
            limit = read;
            return read;
        } catch (SocketTimeoutException e) {
            return 0;
        } finally {
            socket.setSoTimeout(timeout);
        }
    }

    @Override
    public int read() throws IOException {
        return position < limit ? ahead[position++] & 0xFF : in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            return in.read(target, offset, length);
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(ahead, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
