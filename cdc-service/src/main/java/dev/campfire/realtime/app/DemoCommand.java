package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.capture.CaptureStatus;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.server.ServerSettings;
import dev.campfire.realtime.server.pages.Pages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything on this machine: a Postgres, a sample organisation, the service, and what to paste. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {DemoInsertCommand.class, DemoListenCommand.class},
        description = {
            "Starts everything on this machine: an embedded Postgres 17, its tables and policies, a sample organisation"
                    + " with an agent and five conversations, and the service. Nothing else is needed and nothing is installed.",
            "Prints the addresses, first of all that of a page that shows both sides of a conversation, tokens, and lines to"
                    + " paste. Ctrl-C ends it; the data stays and the next start is quick.",
            ""
        },
        footer = {
            "",
            "While it runs, in other terminals:",
            "  campfire demo listen            shows what a client of the sample conversation receives",
            "  campfire demo insert \"Hello\"    inserts a message",
            "The JWT secret is that of Supabase's local development, unless API_JWT_SECRET is set."
        })
final class DemoCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4000",
            description = "Where the service listens. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--pg-port",
            paramLabel = "PORT",
            defaultValue = "54322",
            description = "Where Postgres listens, on this machine only. Default: ${DEFAULT-VALUE}.")
    private int postgresPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Where Postgres and its data are kept. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        Console console = new Console(spec.commandLine().getOut());
        Path folder = data.toAbsolutePath().normalize();
        Files.createDirectories(folder);
        try (FolderLock lock = FolderLock.take(folder)) {
            requireFree(port, "--port");
            console.line("Campfire Realtime demo, in " + folder);
            DemoDatabase database = console.step(
                    DemoDatabase.existsIn(folder)
                            ? "Postgres " + DemoDatabase.VERSION + " starts"
                            : "Postgres " + DemoDatabase.VERSION + " is unpacked and starts (once)",
                    () -> startDatabase(folder));
            run(console, database, lock);
        }
        return CommandLine.ExitCode.OK;
    }

    private DemoDatabase startDatabase(Path folder) throws IOException {
        DemoDatabase.stopLeftover(folder);
        requireFree(postgresPort, "--pg-port");
        try {
            return DemoDatabase.start(folder, postgresPort);
        } catch (NoClassDefFoundError e) {
            // The container image leaves it out.
            throw new IOException(
                    "This installation has no embedded Postgres: run the demo from a checkout, or serve a Postgres that"
                            + " you have (campfire serve).",
                    e);
        }
    }

    private void run(Console console, DemoDatabase database, FolderLock lock) throws Exception {
        String secret = DemoSecret.orFrom(System.getenv());
        TokenMinter minter = new TokenMinter(secret, InstantSource.system());
        RealtimeService service;
        try {
            console.step("Tables, policies and the sample organisation", () -> prepare(database.asSuperuser()));
            DemoSession session = new DemoSession(minter, InstantSource.system());
            service = RealtimeService.of(
                    settings(database.asService(), secret, data), InstantSource.system(), new Pages(session));
            console.step("The service streams", () -> start(service));
        } catch (Exception e) {
            database.close();
            throw e;
        }
        new DemoText(port, postgresPort, minter).lines().forEach(console::line);
        UntilStopped.run(() -> {
            console.line("");
            console.line("Stopping ...");
            service.close();
            database.close();
            lock.close();
            console.line("Stopped. The data stays in " + data + ".");
        });
    }

    private static boolean prepare(DatabaseSettings superuser) throws Exception {
        try (Connection connection =
                DriverManager.getConnection(superuser.url(), superuser.properties("campfire-realtime demo"))) {
            DatabaseSetup.shipped().apply(connection);
            DemoRows.insert(connection);
            return true;
        }
    }

    private Settings settings(DatabaseSettings database, String secret, Path folder) {
        return Settings.of(
                CaptureSettings.of(database),
                ServerSettings.DEFAULT.withPort(port),
                List.of(secret),
                JournalSettings.in(folder.resolve("journal").toAbsolutePath().normalize()));
    }

    private static boolean start(RealtimeService service) throws Exception {
        service.start();
        if (!service.awaitStreaming(PATIENCE)) {
            CaptureStatus status = service.captureStatus();
            service.close();
            throw new IOException("The service does not stream: " + status.problem() + " " + status.remedy());
        }
        return true;
    }

    private static void requireFree(int port, String option) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.setReuseAddress(true);
        } catch (IOException e) {
            throw new IOException(
                    "Port " + port + " is taken. Stop what listens there, or choose another with " + option + ".", e);
        }
    }

    /** The tokens' claims of the sample agent; also what {@code demo listen} uses. */
    static String agentToken(TokenMinter minter) {
        return agentToken(minter, Duration.ofDays(7));
    }

    static String agentToken(TokenMinter minter, Duration lifetime) {
        return minter.mint(
                "authenticated",
                DemoRows.AGENT.toString(),
                Map.of("aud", "authenticated", "email", "jam@jam.com"),
                lifetime);
    }

    /** The key that a browser would have. */
    static String anonKey(TokenMinter minter) {
        return minter.mint("anon", null, Map.of("iss", "campfire-demo"), Duration.ofDays(3650));
    }
}
