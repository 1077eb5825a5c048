package dev.campfire.realtime.support;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/**
 * The service as a process of its own, {@code campfire serve} from the built jar, connected to a database as the
 * service's least-privileged role. It never outlives this JVM.
 */
public final class ServiceProcess implements AutoCloseable {

    static final String MAIN = "dev.campfire.realtime.app.Campfire";

    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration PROBE = Duration.ofSeconds(5);

    private final Process process;
    private final ProcessOutput output;
    private final Leash leash;
    private final int port;
    private final HttpClient http;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.output = new ProcessOutput(process, Repository.logFile("service-" + port + "-" + process.pid()));
        this.leash = Leash.onProcess(process.pid());
        this.port = port;
        this.http = HttpClient.newBuilder().connectTimeout(PROBE).build();
    }

    /** Java as every service is started by it: what is not said here, the cache of classes does not depend on. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED");
    }

    static String classPath() {
        return Repository.serviceJars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** The settings of a service to be started for this database, to be changed and added to. */
    public static Settings forDatabase(Database database) {
        return new Settings()
                .with("DB_HOST", database.server().host())
                .with("DB_PORT", Integer.toString(database.server().port()))
                .with("DB_NAME", database.name())
                .with("DB_USER", Database.SERVICE_ROLE)
                .with("DB_PASSWORD", Database.SERVICE_PASSWORD)
                // The names of slots are the server's, not the database's.
                .with("SLOT_NAME_SUFFIX", database.name());
    }

    /** The settings of a service on any server that lets everybody in. */
    public static Settings forServer(int port, String database) {
        return new Settings()
                .with("DB_HOST", "127.0.0.1")
                .with("DB_PORT", Integer.toString(port))
                .with("DB_NAME", database)
                .with("DB_USER", Database.SERVICE_ROLE);
    }

    /** Environment variables of a service to be started. */
    public static final class Settings {

        private final Map<String, String> environment = new TreeMap<>();
        private final List<String> starter = new ArrayList<>();

        private Settings() {
            with("API_JWT_SECRET", Tokens.SECRET);
            with("PORT", Integer.toString(FreePort.choose()));
            with("CAMPFIRE_JOURNAL", Repository.newFolder("journal").toString());
            // Tests are refused a lot, all from one address, and are not to be slowed down for that.
            with("CONNECT_ERROR_BACKOFF_MS", "0");
            with("CHANNEL_ERROR_BACKOFF_MS", "0");
        }

        public Settings with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        public Settings without(String variable) {
            environment.remove(variable);
            return this;
        }

        /** Lets the service be started by this command, which becomes it. */
        public Settings startedBy(String command) {
            starter.add(command);
            return this;
        }

        /** Starts the service and returns at once. */
        public ServiceProcess start() {
            List<String> command = new ArrayList<>(starter);
            command.addAll(java());
            command.addAll(ClassCache.options());
            Collections.addAll(command, "-Dio.netty.leakDetection.level=paranoid", "-cp", classPath(), MAIN, "serve");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // Nothing of the environment that the tests run in may leak in.
            builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
            builder.environment().putAll(environment);
            try {
                Process process = builder.start();
                return new ServiceProcess(process, Integer.parseInt(environment.getOrDefault("PORT", "4000")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts the service and returns when it is healthy. */
        public ServiceProcess startHealthy() {
            ServiceProcess service = start();
            try {
                return service.awaitHealthy();
            } catch (RuntimeException | Error e) {
                service.close();
                throw e;
            }
        }
    }

    public int port() {
        return port;
    }

    /** What supabase-js is given as its URL. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** What {@code GET /healthcheck} answers now. */
    public Health health() {
        return get("/healthcheck");
    }

    /** What {@code GET /health} answers now. */
    public Health details() {
        return get("/health");
    }

    private Health get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + path)).timeout(PROBE).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Health(response.statusCode(), response.body());
        } catch (IOException e) {
            return Health.NO_ANSWER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public ServiceProcess awaitHealthy() {
        awaitOrShowLog("healthy", () -> health().good());
        return this;
    }

    /** Returns the answer of the health check once it is not good. */
    public Health awaitUnhealthy() {
        AtomicReference<Health> last = new AtomicReference<>(Health.NO_ANSWER);
        awaitOrShowLog("unhealthy", () -> {
            last.set(health());
            return last.get().status() == 503;
        });
        return last.get();
    }

    /** Everything printed so far. */
    public List<String> log() {
        return output.lines();
    }

    /** The end of what was printed, for the message of a failure. */
    public String logTail() {
        return "the service's log ends with:\n" + output.tail(40);
    }

    /** Returns the first line that matches somewhere, once there is one. */
    public String awaitLog(String regex) {
        Pattern pattern = Pattern.compile(regex);
        awaitOrShowLog("logging " + regex, () -> log().stream().anyMatch(pattern.asPredicate()));
        return log().stream().filter(pattern.asPredicate()).findFirst().orElseThrow();
    }

    private void awaitOrShowLog(String what, Callable<Boolean> condition) {
        try {
            await("service " + what)
                    .atMost(START)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast("the service has ended", () -> !process.isAlive())
                    .until(condition);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new AssertionError(e.getMessage() + "; " + logTail(), e);
        }
    }

    /** SIGHUP: the service reads again what may change while it runs. */
    public void hangUp() {
        try {
            int status = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionError("kill ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM; returns the exit status once the process has ended. */
    public int terminate(Duration patience) {
        process.destroy();
        return awaitExit(patience);
    }

    /** SIGKILL; returns when the process has ended. */
    public void kill() {
        process.destroyForcibly();
        int status = awaitExit(Duration.ofSeconds(10));
        if (status != 128 + 9) {
            throw new AssertionError("ended with " + status + " before it was killed; " + logTail());
        }
    }

    /** Waits until it has ended by itself, and returns its exit status. */
    public int awaitEnd(Duration patience) {
        return awaitExit(patience);
    }

    private int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the service still runs after " + patience + "; " + logTail());
            }
            output.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        leash.close();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }
}
