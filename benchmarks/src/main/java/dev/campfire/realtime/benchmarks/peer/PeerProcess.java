package dev.campfire.realtime.benchmarks.peer;

import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.subject.Cores;
import dev.campfire.realtime.benchmarks.subject.FreePort;
import dev.campfire.realtime.benchmarks.subject.Leash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A peer that runs, on the processors of what is measured. */
public final class PeerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int SECONDS_TO_END = 3;

    private final Process process;
    private final Leash leash;
    private final LoadTarget target;

    private PeerProcess(Process process, LoadTarget target) throws IOException {
        this.process = process;
        this.leash = Leash.on(process.pid(), "KILL");
        this.target = target;
    }

    /**
     * Returns when it accepts connections.
     *
     * @param folder for its files
     * @param log for what it prints
     */
    public static PeerProcess start(Peer peer, Cores cores, Path folder, Path log)
            throws IOException, InterruptedException {
        int port = FreePort.choose();
        List<String> line = new ArrayList<>(cores.prefixOfSubject());
        line.addAll(peer.command(port, folder.toAbsolutePath()));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        if (peer instanceof ScriptPeer script) {
            builder.environment().putAll(script.environment());
        }
        PeerProcess started = new PeerProcess(builder.start(), peer.target(port));
        try {
            started.awaitListening(peer.title(), log);
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void awaitListening(String title, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(title + " does not listen: see " + log);
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()), 1000);
            return true;
        } catch (IOException e) {
            // It does not listen yet.
            return false;
        }
    }

    public long pid() {
        return process.pid();
    }

    public LoadTarget target() {
        return target;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        leash.close();
    }
}
