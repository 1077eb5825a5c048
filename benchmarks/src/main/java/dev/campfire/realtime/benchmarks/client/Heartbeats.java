package dev.campfire.realtime.benchmarks.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Says for sockets that they are there, every 25 seconds: the service ends who says nothing for minutes. */
final class Heartbeats implements AutoCloseable {

    private static final int SECONDS = 25;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());

    /** Begins; once. */
    void start(List<ClientSocket> sockets) {
        thread.scheduleAtFixedRate(() -> beat(sockets), SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    private void beat(List<ClientSocket> sockets) {
        try {
            for (ClientSocket socket : sockets) {
                socket.text("[null,\"h\",\"phoenix\",\"heartbeat\",{}]");
            }
        } catch (IOException e) {
            // The reading side sees the end of the connection, too, and says so.
            thread.shutdown();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
