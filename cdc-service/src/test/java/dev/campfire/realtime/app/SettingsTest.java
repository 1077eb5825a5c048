package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.phoenix.SessionLimits;
import dev.campfire.realtime.server.ServerSettings;
import dev.campfire.realtime.server.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {

    private static final String SECRET = "a-secret-of-at-least-thirty-two-characters";

    @Test
    void has_defaults_for_everything_but_the_secret() throws Exception {
        Settings settings = Settings.read(Map.of("API_JWT_SECRET", SECRET));

        assertThat(settings.tokens().secrets()).containsExactly(SECRET);
        assertThat(settings.server()).isEqualTo(ServerSettings.DEFAULT);
        assertThat(settings.limits()).isEqualTo(SessionLimits.DEFAULT);
        assertThat(settings.signals()).isEqualTo(new SignalSettings(false, Duration.ofSeconds(3), false));
        assertThat(settings.capture().publication()).isEqualTo("supabase_realtime");
        assertThat(settings.capture().slot()).isEqualTo("campfire_realtime");
        assertThat(settings.capture().database())
                .isEqualTo(new DatabaseSettings("127.0.0.1", 5432, "postgres", "campfire_realtime", "", Map.of()));
    }

    @Test
    void reads_every_variable() throws Exception {
        Settings settings = Settings.read(Map.ofEntries(
                Map.entry("API_JWT_SECRET", SECRET),
                Map.entry("DB_HOST", "db"),
                Map.entry("DB_PORT", "6432"),
                Map.entry("DB_NAME", "app"),
                Map.entry("DB_USER", "me"),
                Map.entry("DB_PASSWORD", "pass"),
                Map.entry("DB_SSL", "true"),
                Map.entry("DB_SSL_CA_CERT", "/ca.pem"),
                Map.entry("PORT", "4100"),
                Map.entry("CAMPFIRE_HOST", "127.0.0.1"),
                Map.entry("CAMPFIRE_PUBLICATION", "pub"),
                Map.entry("CAMPFIRE_SLOT", "slot"),
                Map.entry("SLOT_NAME_SUFFIX", "blue"),
                Map.entry("CAMPFIRE_LONGEST_RETRY", "1m"),
                Map.entry("MAX_CONNECTIONS", "7"),
                Map.entry("TENANT_MAX_CHANNELS_PER_CLIENT", "8"),
                Map.entry("MAX_HEADER_LENGTH", "8192"),
                Map.entry("CAMPFIRE_IDLE_TIMEOUT", "90s"),
                Map.entry("CAMPFIRE_OUTBOUND_LIMIT", "2MB"),
                Map.entry("CAMPFIRE_TRANSPORT", "io_uring"),
                Map.entry("CAMPFIRE_COMPRESSION", "true"),
                Map.entry("CAMPFIRE_EVENT_LOOPS", "3"),
                Map.entry("CAMPFIRE_LEGACY_TYPING", "true"),
                Map.entry("CAMPFIRE_PRESENCE_GRACE", "0s"),
                Map.entry("CAMPFIRE_STRICT", "true")));

        assertThat(settings.capture().database())
                .isEqualTo(new DatabaseSettings(
                        "db", 6432, "app", "me", "pass", Map.of("sslmode", "verify-full", "sslrootcert", "/ca.pem")));
        assertThat(settings.capture().publication()).isEqualTo("pub");
        assertThat(settings.capture().slot()).isEqualTo("slot_blue");
        assertThat(settings.capture().longestRetry()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.server().port()).isEqualTo(4100);
        assertThat(settings.server().host()).isEqualTo("127.0.0.1");
        assertThat(settings.server().connections()).isEqualTo(7);
        assertThat(settings.server().headerValueLimit()).isEqualTo(8192);
        assertThat(settings.server().idleTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.server().outboundLimit()).isEqualTo(2_000_000);
        assertThat(settings.server().eventLoops()).isEqualTo(3);
        assertThat(settings.server().transport()).isEqualTo(Transport.IO_URING);
        assertThat(settings.server().compresses()).isTrue();
        assertThat(settings.tenantLimits().channelsPerSocket()).isEqualTo(8);
        assertThat(settings.signals()).isEqualTo(new SignalSettings(true, Duration.ZERO, true));
    }

    @Test
    void prefers_the_url_to_its_parts_and_decodes_it() throws Exception {
        DatabaseSettings database = database(Map.of(
                "DATABASE_URL", "postgres://me%40home:p%2Fa%3Ass+word@db.example:6543/my%20db?sslmode=require",
                "DB_HOST", "elsewhere",
                "DB_PASSWORD", "other"));

        assertThat(database)
                .isEqualTo(new DatabaseSettings(
                        "db.example", 6543, "my db", "me@home", "p/a:ss+word", Map.of("sslmode", "require")));
        assertThat(database.url()).isEqualTo("jdbc:postgresql://db.example:6543/my+db");
    }

    @Test
    void fills_what_the_url_leaves_out_from_the_parts() throws Exception {
        DatabaseSettings database =
                database(Map.of("DATABASE_URL", "postgresql://db", "DB_USER", "me", "DB_NAME", "app"));

        assertThat(database).isEqualTo(new DatabaseSettings("db", 5432, "app", "me", "", Map.of()));
    }

    @Test
    void tells_everything_that_is_wrong_at_once() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> Settings.read(Map.of(
                        "PORT", "many",
                        "DB_PORT", "0",
                        "DB_SSL", "perhaps",
                        "CAMPFIRE_IDLE_TIMEOUT", "soon",
                        "CAMPFIRE_OUTBOUND_LIMIT", "big",
                        "CAMPFIRE_TRANSPORT", "kqueue",
                        "SLOT_NAME_SUFFIX", "A-B",
                        "API_JWT_SECRET", "short")));

        assertThat(wrong.problems())
                .hasSize(8)
                .anySatisfy(line -> assertThat(line).contains("PORT").contains("\"many\""))
                .anySatisfy(line -> assertThat(line).contains("API_JWT_SECRET").doesNotContain("short\""));
    }

    @Test
    void never_repeats_an_address_that_may_hold_a_password() {
        for (String url : List.of("postgres://me:p ss@db/x", "mysql://me:hunter2@db", "postgres:/hunter2")) {
            assertThatThrownBy(() -> database(Map.of("DATABASE_URL", url)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("DATABASE_URL")
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("p ss");
        }
    }

    @Test
    void refuses_a_parameter_of_the_url_that_it_would_have_to_ignore() {
        assertThatThrownBy(() -> database(Map.of("DATABASE_URL", "postgres://db/x?sslmodus=require")))
                .hasMessageContaining("sslmodus");
    }

    @Test
    void takes_an_empty_variable_for_an_absent_one_and_ignores_what_it_does_not_know() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "API_JWT_SECRET", SECRET, "PORT", "", "DATABASE_URL", " ", "ERL_AFLAGS", "-proto_dist inet_tcp"));

        assertThat(Settings.read(environment).server().port()).isEqualTo(4000);
    }

    @Test
    void lets_the_environment_win_over_the_file(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("c.yaml"), "PORT: 4200\nDB_HOST: db\nDB_NAME: app\n");

        Map<String, String> values = ConfigFile.under(Map.of("DB_HOST", "here", "DB_NAME", ""), file);

        assertThat(values)
                .containsEntry("PORT", "4200")
                .containsEntry("DB_HOST", "here")
                .containsEntry("DB_NAME", "app");
    }

    @Test
    void says_what_is_wrong_with_a_file(@TempDir Path folder) throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "PORT: [");
        Path list = Files.writeString(folder.resolve("list.yaml"), "- PORT");

        assertThatThrownBy(() -> ConfigFile.under(Map.of(), broken)).hasMessageContaining("not YAML");
        assertThatThrownBy(() -> ConfigFile.under(Map.of(), list)).hasMessageContaining("must be a map");
        assertThatThrownBy(() -> ConfigFile.under(Map.of(), folder.resolve("none.yaml")))
                .hasMessageContaining("can't be read");
    }

    private static DatabaseSettings database(Map<String, String> values) throws SettingsException {
        return Settings.readCapture(values).database();
    }

    /** What the compose file of a self-hosted Supabase gives its container, whose place this service takes. */
    @Test
    void the_environment_of_supabases_own_container_is_taken_as_it_is() throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", "4000");
        environment.put("DB_HOST", "db");
        environment.put("DB_PORT", "5432");
        environment.put("DB_USER", "supabase_admin");
        environment.put("DB_PASSWORD", "your-super-secret-and-long-postgres-password");
        environment.put("DB_NAME", "postgres");
        environment.put("DB_AFTER_CONNECT_QUERY", "SET search_path TO _realtime");
        environment.put("DB_ENC_KEY", "supabaserealtime");
        environment.put("API_JWT_SECRET", "your-super-secret-jwt-token-with-at-least-32-characters-long");
        environment.put("SECRET_KEY_BASE", "UpNVntn3cDxHJpq99YMc1T1AQgQpc8kfYTuRgBiYa15BLrx8etQoXz3gZv1/u2oq");
        environment.put("METRICS_JWT_SECRET", "your-super-secret-jwt-token-with-at-least-32-characters-long");
        environment.put("ERL_AFLAGS", "-proto_dist inet_tcp");
        environment.put("DNS_NODES", "''");
        environment.put("RLIMIT_NOFILE", "10000");
        environment.put("APP_NAME", "realtime");
        environment.put("SEED_SELF_HOST", "true");
        environment.put("RUN_JANITOR", "true");
        environment.put("DISABLE_HEALTHCHECK_LOGGING", "true");

        Settings settings = Settings.read(environment);

        assertThat(settings.capture().database().user()).isEqualTo("supabase_admin");
        assertThat(settings.seedsDatabase()).isTrue();
        assertThat(settings.scrapers()).isNotNull();
        assertThat(settings.tenantName()).isEqualTo("realtime-dev");
    }

    @Test
    void limits_are_those_of_the_container_where_they_are_set() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("API_JWT_SECRET", "x".repeat(32)));
        assertThat(Settings.read(environment).tenantLimits()).isEqualTo(TenantLimits.DEFAULT);

        environment.putAll(Map.of(
                "TENANT_MAX_CONCURRENT_USERS", "1",
                "TENANT_MAX_CHANNELS_PER_CLIENT", "2",
                "TENANT_MAX_JOINS_PER_SECOND", "3",
                "TENANT_MAX_EVENTS_PER_SECOND", "4",
                "CAMPFIRE_MAX_PRESENCE_EVENTS_PER_SECOND", "5",
                "CLIENT_PRESENCE_MAX_CALLS", "6",
                "CLIENT_PRESENCE_WINDOW_MS", "7",
                "CAMPFIRE_MAX_PRESENCE_KEYS", "8"));
        environment.putAll(Map.of(
                "CAMPFIRE_MAX_BYTES_PER_SECOND", "9",
                "CAMPFIRE_MAX_PAYLOAD", "10",
                "CAMPFIRE_MAX_RECORD", "11",
                "CAMPFIRE_PRIVATE_ONLY", "true"));

        assertThat(Settings.read(environment).tenantLimits())
                .isEqualTo(new TenantLimits(1, 2, 3, 4, 5, 6, Duration.ofMillis(7), 8, 9, 10, 11, true, false));
    }

    @Test
    void the_standards_channels_are_protected_unless_it_is_said_otherwise() throws Exception {
        assertThat(Settings.read(Map.of("API_JWT_SECRET", SECRET))
                        .protectedChannels()
                        .covers("org:x:conv:y"))
                .isTrue();
        assertThat(Settings.read(Map.of("API_JWT_SECRET", SECRET, "CAMPFIRE_PROTECTED_CHANNELS", "none"))
                        .protectedChannels()
                        .covers("org:x:conv:y"))
                .isFalse();
        ProtectedChannels own = Settings.read(Map.of(
                        "API_JWT_SECRET", SECRET, "CAMPFIRE_PROTECTED_CHANNELS", "team:*:secret, exactly.this, a*b*c"))
                .protectedChannels();
        assertThat(own.covers("team:x:y:secret")).isTrue();
        assertThat(own.covers("team:x:open")).isFalse();
        assertThat(own.covers("exactly.this")).isTrue();
        assertThat(own.covers("exactlyXthis")).isFalse();
        assertThat(own.covers("a-b-c")).isTrue();
        assertThat(own.covers("org:x")).isFalse();
    }

    @Test
    void keys_certificates_and_clocks_that_can_not_be_used_are_told_with_what_is_wanted() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> Settings.read(Map.of(
                        "API_JWT_SECRET", SECRET,
                        "API_JWT_JWKS_URL", "http://keys.example.org/jwks",
                        "CAMPFIRE_CLOCK_SKEW", "1h",
                        "CAMPFIRE_TLS_CERTIFICATE", "/nowhere/chain.pem",
                        "CAMPFIRE_TLS_KEY", "/nowhere/key.pem")));

        assertThat(wrong.problems())
                .anyMatch(problem -> problem.startsWith("API_JWT_JWKS_URL must be an https:// address"))
                .anyMatch(problem -> problem.equals("CAMPFIRE_CLOCK_SKEW must be 5 minutes at most"))
                .anyMatch(problem -> problem.contains("/nowhere/chain.pem"));
        assertThat(catchThrowableOfType(
                                SettingsException.class,
                                () -> Settings.read(Map.of("API_JWT_SECRET", SECRET, "CAMPFIRE_TLS_KEY", "/key.pem")))
                        .problems())
                .anyMatch(problem -> problem.contains("must be set together"));
    }
}
