package dev.campfire.realtime.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Starts Postgres servers for the tests: in containers where a Docker engine answers and has the image, otherwise
 * embedded. It prints once which, and why.
 *
 * <p>System properties: {@code campfire.test.postgres} is {@code auto} (the default), {@code docker} or
 * {@code embedded}; {@code campfire.test.postgres.image} is the image, {@code postgres:17} by default.
 */
public final class PostgresProvider {

    private static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "logical",
            "max_replication_slots", "20",
            "max_wal_senders", "20",
            "max_connections", "100",
            "synchronous_commit", "on",
            "timezone", "UTC");

    private enum Kind {
        CONTAINER,
        EMBEDDED
    }

    private final Kind kind;
    private final String image;

    private PostgresProvider(Kind kind, String image) {
        this.kind = kind;
        this.image = image;
    }

    /** Chooses as the system properties and the machine say, and prints the choice. */
    public static PostgresProvider choose() {
        String wish = System.getProperty("campfire.test.postgres", "auto");
        String image = System.getProperty("campfire.test.postgres.image", "postgres:17");
        if (image.lastIndexOf(':') <= image.lastIndexOf('/')) {
            image += ":latest";
        }
        return switch (wish) {
            case "embedded" -> new PostgresProvider(Kind.EMBEDDED, image).because("asked for");
            case "docker" -> new PostgresProvider(Kind.CONTAINER, image).because("asked for");
            case "auto" -> byMachine(image);
            default -> throw new IllegalArgumentException("campfire.test.postgres=" + wish);
        };
    }

    private static PostgresProvider byMachine(String image) {
        Optional<DockerEngine> docker = DockerEngine.find(Optional.ofNullable(System.getenv("DOCKER_HOST")));
        if (docker.isEmpty()) {
            return new PostgresProvider(Kind.EMBEDDED, image).because("no Docker engine answers");
        }
        if (!docker.get().provides(image)) {
            return new PostgresProvider(Kind.EMBEDDED, image)
                    .because("a Docker engine answers, but has no image " + image + " and can't pull it");
        }
        return new PostgresProvider(Kind.CONTAINER, image).because("a Docker engine answers");
    }

    private PostgresProvider because(String reason) {
        String choice = kind == Kind.EMBEDDED ? "an embedded server" : "Testcontainers, " + image;
        System.out.println("[integration tests] Postgres: " + choice + " (" + reason + ")");
        return this;
    }

    /** A running server with the usual settings. The caller closes it. */
    public PostgresServer start() {
        return start(Map.of());
    }

    /** A running server with some settings unlike the usual. The caller closes it. */
    public PostgresServer start(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(SETTINGS);
        all.putAll(settings);
        return startWith(all);
    }

    /** A running server with no settings but Postgres's own, so that {@code ALTER SYSTEM} can change each. */
    public PostgresServer startAsInstalled() {
        return startWith(Map.of());
    }

    private PostgresServer startWith(Map<String, String> settings) {
        PostgresServer server =
                switch (kind) {
                    case EMBEDDED -> new EmbeddedServer(settings);
                    case CONTAINER -> new ContainerServer(image, settings);
                };
        try {
            server.start();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }
}
