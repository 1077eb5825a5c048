package dev.campfire.realtime.app;

import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.identity.TokenRules;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.phoenix.SessionLimits;
import dev.campfire.realtime.server.ServerSettings;
import dev.campfire.realtime.server.SocketLimits;
import dev.campfire.realtime.server.TlsFiles;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, typed and checked. The names are those of Supabase's own container where it has them, and
 * {@code CAMPFIRE_*} for what is ours; variables that are not known here are ignored.
 *
 * @param capture where changes come from
 * @param server where clients connect
 * @param limits what one socket may do
 * @param tokens which tokens are good
 * @param scrapers which tokens may read the metrics; null for none
 * @param databasePool how many connections there are for questions to the database
 * @param tenantName what paths of the tenant API call this service
 * @param tenantLimits what all clients together may do
 * @param protectedChannels which channels are private whatever a client asks for
 * @param upkeep when the partitions of broadcasts are looked after
 * @param seedsDatabase whether what broadcasts of the database need is made where it is missing
 * @param mapping which changes become which events
 * @param signals how what is told and forgotten is told
 * @param journal where events are kept, and for how long; null to keep none
 */
record Settings(
        CaptureSettings capture,
        ServerSettings server,
        SessionLimits limits,
        TokenRules tokens,
        @Nullable TokenRules scrapers,
        int databasePool,
        String tenantName,
        TenantLimits tenantLimits,
        ProtectedChannels protectedChannels,
        MessagesUpkeep.Schedule upkeep,
        boolean seedsDatabase,
        MappingFile mapping,
        SignalSettings signals,
        @Nullable JournalSettings journal) {

    private static final int DEFAULT_POOL = 5;
    private static final String DEFAULT_JOURNAL = "data/journal";
    private static final String DEFAULT_TENANT = "realtime-dev";

    /** The settings with the defaults for everything but these. */
    static Settings of(
            CaptureSettings capture, ServerSettings server, List<String> secrets, @Nullable JournalSettings journal) {
        return new Settings(
                capture,
                server,
                SessionLimits.DEFAULT,
                TokenRules.of(secrets),
                null,
                DEFAULT_POOL,
                DEFAULT_TENANT,
                TenantLimits.DEFAULT,
                ProtectedChannels.STANDARD,
                MessagesUpkeep.Schedule.DEFAULT,
                false,
                MappingFile.builtIn(),
                SignalSettings.DEFAULT,
                journal);
    }

    private static MessagesUpkeep.Schedule upkeep(Environment environment) {
        MessagesUpkeep.Schedule defaults = MessagesUpkeep.Schedule.DEFAULT;
        int every = environment.number(
                "JANITOR_SCHEDULE_TIMER_IN_MS", (int) defaults.every().toMillis(), 1, Integer.MAX_VALUE);
        return new MessagesUpkeep.Schedule(environment.flag("RUN_JANITOR", defaults.isOn()), Duration.ofMillis(every));
    }

    /** Reads the settings of a service. */
    static Settings read(Map<String, String> values) throws SettingsException {
        Environment environment = new Environment(values);
        CaptureSettings capture = capture(environment);
        ServerSettings server = server(environment);
        SessionLimits limits = limits(environment);
        TokenRules tokens = TokenSettings.read(environment);
        TokenRules scrapers = TokenSettings.scrapers(environment);
        int databasePool = environment.number("DB_POOL_SIZE", DEFAULT_POOL, 1, 1000);
        String tenantName = environment.text("SELF_HOST_TENANT_NAME", DEFAULT_TENANT);
        TenantLimits tenantLimits = LimitSettings.read(environment);
        MessagesUpkeep.Schedule upkeep = upkeep(environment);
        boolean seeds = environment.flag("SEED_SELF_HOST", false);
        ProtectedChannels protectedChannels = protectedChannels(environment);
        MappingFile mapping = MappingFile.read(environment);
        SignalSettings signals = SignalSettings.read(environment);
        JournalSettings journal = journal(environment);
        environment.requireNoProblems();
        return new Settings(
                capture,
                server,
                limits,
                tokens,
                scrapers,
                databasePool,
                tenantName,
                tenantLimits,
                protectedChannels,
                upkeep,
                seeds,
                mapping,
                signals,
                journal);
    }

    /** Where the journal is; null for nowhere. Also for commands that read one. */
    static @Nullable JournalSettings journal(Environment environment) {
        String folder = environment.text("CAMPFIRE_JOURNAL", DEFAULT_JOURNAL);
        Duration age = environment.duration("CAMPFIRE_JOURNAL_AGE", JournalSettings.DEFAULT_AGE);
        long bytes = environment.size("CAMPFIRE_JOURNAL_BYTES", JournalSettings.DEFAULT_BYTES);
        if (folder.strip().equals("none")) {
            return null;
        }
        try {
            return new JournalSettings(Path.of(folder).toAbsolutePath().normalize(), age, bytes);
        } catch (InvalidPathException e) {
            environment.problem("CAMPFIRE_JOURNAL is no path: " + folder);
            return null;
        }
    }

    /** An empty value is as good as none, so that no channel is to be protected has a word of its own. */
    private static ProtectedChannels protectedChannels(Environment environment) {
        String text = environment.text("CAMPFIRE_PROTECTED_CHANNELS").orElse(null);
        if (text == null) {
            return ProtectedChannels.STANDARD;
        }
        if (text.strip().equals("none")) {
            return ProtectedChannels.NONE;
        }
        return new ProtectedChannels(Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList());
    }

    /** Reads only where the database is and what is captured, for commands that serve nobody. */
    static CaptureSettings readCapture(Map<String, String> values) throws SettingsException {
        Environment environment = new Environment(values);
        CaptureSettings capture = capture(environment);
        environment.requireNoProblems();
        return capture;
    }

    private static CaptureSettings capture(Environment environment) {
        DatabaseSettings database = DatabaseAddress.read(environment);
        CaptureSettings defaults = CaptureSettings.of(database);
        String slot = environment.text("CAMPFIRE_SLOT", CaptureSettings.DEFAULT_SLOT)
                + environment
                        .text("SLOT_NAME_SUFFIX")
                        .map(suffix -> "_" + suffix)
                        .orElse("");
        if (!CaptureSettings.isSlotName(slot)) {
            environment.problem("CAMPFIRE_SLOT and SLOT_NAME_SUFFIX make the slot name \"" + slot
                    + "\", but one has 1 to 63 of the characters a-z, 0-9 and _");
            slot = CaptureSettings.DEFAULT_SLOT;
        }
        return new CaptureSettings(
                database,
                environment.text("CAMPFIRE_PUBLICATION", CaptureSettings.DEFAULT_PUBLICATION),
                slot,
                defaults.firstRetry(),
                atLeast(
                        environment.duration("CAMPFIRE_LONGEST_RETRY", defaults.longestRetry()),
                        defaults.firstRetry()));
    }

    private static ServerSettings server(Environment environment) {
        ServerSettings defaults = ServerSettings.DEFAULT;
        return new ServerSettings(
                environment.text("CAMPFIRE_HOST", defaults.host()),
                environment.number("PORT", defaults.port(), 0, 65535),
                environment.choice("CAMPFIRE_TRANSPORT", defaults.transport()),
                environment.number("CAMPFIRE_EVENT_LOOPS", defaults.eventLoops(), 1, 1024),
                environment.number("MAX_CONNECTIONS", defaults.connections(), 1, 10_000_000),
                defaults.requestTimeout(),
                atLeast(environment.duration("CAMPFIRE_IDLE_TIMEOUT", defaults.idleTimeout()), Duration.ofSeconds(1)),
                defaults.closeGrace(),
                defaults.frameLimit(),
                environment.flag("CAMPFIRE_COMPRESSION", defaults.compresses()),
                defaults.bodyLimit(),
                environment.number("MAX_HEADER_LENGTH", defaults.headerValueLimit(), 256, 1 << 20),
                millis(environment, "CONNECT_ERROR_BACKOFF_MS", defaults.upgradeBackoff()),
                millis(environment, "CHANNEL_ERROR_BACKOFF_MS", defaults.joinBackoff()),
                sockets(environment),
                tls(environment),
                (int) Math.clamp(
                        environment.size("CAMPFIRE_OUTBOUND_LIMIT", defaults.outboundLimit()), 64 << 10, 1 << 30));
    }

    private static SocketLimits sockets(Environment environment) {
        SocketLimits defaults = SocketLimits.DEFAULT;
        return new SocketLimits(
                rates(environment, "SOCKET", defaults.socket()),
                rates(environment, "ADDRESS", defaults.address()),
                environment.number(
                        "CAMPFIRE_MAX_CONNECTIONS_PER_ADDRESS",
                        defaults.connectionsPerAddress(),
                        1,
                        Integer.MAX_VALUE));
    }

    private static SocketLimits.Rates rates(Environment environment, String of, SocketLimits.Rates defaults) {
        return new SocketLimits.Rates(
                environment.number("CAMPFIRE_MAX_JOINS_PER_" + of, defaults.joins(), 1, Integer.MAX_VALUE),
                environment.number("CAMPFIRE_MAX_FRAMES_PER_" + of, defaults.frames(), 1, Integer.MAX_VALUE),
                environment.number("CAMPFIRE_MAX_BYTES_PER_" + of, defaults.bytes(), 1, Integer.MAX_VALUE));
    }

    private static @Nullable TlsFiles tls(Environment environment) {
        String certificate = environment.text("CAMPFIRE_TLS_CERTIFICATE").orElse(null);
        String key = environment.text("CAMPFIRE_TLS_KEY").orElse(null);
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            environment.problem("CAMPFIRE_TLS_CERTIFICATE and CAMPFIRE_TLS_KEY must be set together:"
                    + " files in PEM, the chain and its private key");
            return null;
        }
        try {
            return new TlsFiles(Path.of(certificate), Path.of(key));
        } catch (NoSuchFileException e) {
            environment.problem("CAMPFIRE_TLS_CERTIFICATE and CAMPFIRE_TLS_KEY must name files that are there,"
                    + " and there is no " + e.getMessage());
        } catch (IOException | InvalidPathException e) {
            environment.problem("CAMPFIRE_TLS_CERTIFICATE and CAMPFIRE_TLS_KEY: " + e.getMessage());
        }
        return null;
    }

    private static SessionLimits limits(Environment environment) {
        SessionLimits defaults = SessionLimits.DEFAULT;
        Duration withoutChannel = Duration.ofMillis(environment.number(
                "NO_CHANNEL_TIMEOUT_IN_MS", (int) defaults.withoutChannel().toMillis(), 1, Integer.MAX_VALUE));
        return new SessionLimits(defaults.jsonDepth(), withoutChannel, defaults.joining());
    }

    /** A time that the original's variables give in milliseconds. */
    private static Duration millis(Environment environment, String name, Duration otherwise) {
        return Duration.ofMillis(environment.number(name, (int) otherwise.toMillis(), 0, Integer.MAX_VALUE));
    }

    private static Duration atLeast(Duration duration, Duration least) {
        return duration.compareTo(least) < 0 ? least : duration;
    }
}
