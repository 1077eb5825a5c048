package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.client.DevelopmentToken;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service as users run it, {@code serve} in a process of its own, connected as the role that is made for it. */
public final class ServiceProcess implements AutoCloseable {

    private static final String MAIN = "dev.campfire.realtime.app.Campfire";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TRAINING = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Process process;
    private final Leash leash;
    private final int port;

    private ServiceProcess(Process process, int port) throws IOException {
        this.process = process;
        this.leash = Leash.on(process.pid(), "KILL");
        this.port = port;
    }

    /**
     * Returns when it says that it is healthy.
     *
     * @param settings variables of its environment besides the necessary ones
     */
    public static ServiceProcess start(ChildJvm jvm, PublishedDatabase database, Map<String, String> settings)
            throws IOException, InterruptedException {
        ServiceProcess service = launch(jvm, database, settings, List.of());
        try {
            service.awaitHealthy(jvm.log("service"));
            return service;
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /**
     * Starts it, and returns at once.
     *
     * @param settings variables of its environment besides the necessary ones
     * @param options of its Java, besides those of all
     */
    public static ServiceProcess launch(
            ChildJvm jvm, PublishedDatabase database, Map<String, String> settings, List<String> options)
            throws IOException {
        int port = FreePort.choose();
        Map<String, String> environment = new HashMap<>(Map.of(
                "DB_HOST",
                "127.0.0.1",
                "DB_PORT",
                Integer.toString(database.server().port()),
                "DB_NAME",
                database.name(),
                "DB_USER",
                PublishedDatabase.SERVICE_ROLE,
                // Embedded Postgres trusts everybody on this machine.
                "DB_PASSWORD",
                "trusted",
                "PORT",
                Integer.toString(port),
                "API_JWT_SECRET",
                DevelopmentToken.SECRET,
                "CAMPFIRE_JOURNAL",
                jvm.scratch().resolve("journal-" + port).toString()));
        environment.putAll(settings);
        Process process = jvm.prepare(options, List.of(MAIN, "serve"), environment)
                .redirectErrorStream(true)
                .redirectOutput(jvm.log("service").toFile())
                .start();
        return new ServiceProcess(process, port);
    }

    /**
     * Makes the cache of linked classes that the image has and the launcher makes behind the first start: by the same command.
     *
     * @param cache where it is to be; it is not there afterwards when this Java makes none (JDK 25 does)
     * @param postgres the port of a Postgres that is there for this
     */
    static void train(ChildJvm jvm, Path cache, int postgres) throws IOException, InterruptedException {
        Files.deleteIfExists(cache);
        Process process = jvm.prepare(
                        List.of("-XX:AOTCacheOutput=" + cache),
                        List.of(MAIN, "train", "--pg-port", Integer.toString(postgres)),
                        Map.of())
                .redirectErrorStream(true)
                .redirectOutput(jvm.log("train").toFile())
                .start();
        if (!process.waitFor(TRAINING.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("the cache of classes was not made in " + TRAINING + ": see " + jvm.log("train"));
        }
    }

    private void awaitHealthy(Path log) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthcheck"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!answersOk(http, request)) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("the service did not become healthy: see " + log);
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    private static boolean answersOk(HttpClient http, HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            // It does not listen yet.
            return false;
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when it has ended. */
    public void kill() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        leash.close();
    }

    @Override
    public void close() throws IOException {
        ChildJvm.end(process);
        leash.close();
    }
}
