package dev.campfire.realtime.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a Docker engine two questions over its API, each with a deadline: are you there, and have you this image? */
final class DockerEngine {

    private static final Duration PING = Duration.ofSeconds(2);
    private static final Duration PULL = Duration.ofMinutes(3);

    private final SocketAddress address;

    private DockerEngine(SocketAddress address) {
        this.address = address;
    }

    /** The engine that {@code DOCKER_HOST} or the usual socket leads to, when it answers within two seconds. */
    static Optional<DockerEngine> find(Optional<String> dockerHost) {
        URI host = URI.create(dockerHost.orElse("unix:///var/run/docker.sock"));
        DockerEngine engine =
                switch (String.valueOf(host.getScheme())) {
                    case "unix" -> new DockerEngine(UnixDomainSocketAddress.of(host.getPath()));
                    case "tcp" -> new DockerEngine(new InetSocketAddress(host.getHost(), host.getPort()));
                    default -> throw new IllegalArgumentException("DOCKER_HOST is neither unix: nor tcp: " + host);
                };
        return engine.status("GET", "/_ping", PING) == 200 ? Optional.of(engine) : Optional.empty();
    }

    /** Whether the image is there, or comes when it is pulled. */
    boolean provides(String image) {
        if (has(image)) {
            return true;
        }
        int colon = image.lastIndexOf(':');
        String name = image.substring(0, colon);
        String tag = image.substring(colon + 1);
        status("POST", "/images/create?fromImage=" + URLEncoder.encode(name, UTF_8) + "&tag=" + tag, PULL);
        return has(image);
    }

    private boolean has(String image) {
        return status("GET", "/images/" + image + "/json", PING) == 200;
    }

    /** The answer's status, or -1 when there is none in time. */
    private int status(String method, String path, Duration patience) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(exchange(method, path));
            } catch (IOException | RuntimeException e) {
                answer.complete(-1);
            }
        });
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** HTTP/1.0, so that the end of the answer is the end of the stream: a pull streams until it is done. */
    private int exchange(String method, String path) throws IOException {
        boolean local = address instanceof UnixDomainSocketAddress;
        try (SocketChannel channel = local ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open()) {
            channel.connect(address);
            String request = method + " " + path + " HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                received.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            String answer = received.toString(ISO_8859_1);
            return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9, 12)) : -1;
        }
    }
}
