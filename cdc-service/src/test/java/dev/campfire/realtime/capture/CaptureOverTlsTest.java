package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event-driven stream over TLS, against a server with a certificate that is verified. */
final class CaptureOverTlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder;

    private final List<Change> changes = new CopyOnWriteArrayList<>();

    @Test
    void streams_over_tls_with_a_verified_certificate_and_ends_in_time() throws Exception {
        Path certificate = makeCertificate();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("wal_level", "logical")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("ssl", "on")
                        .setServerConfig("ssl_cert_file", certificate.toString())
                        .setServerConfig(
                                "ssl_key_file", folder.resolve("server.key").toString())
                        .start();
                Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                CaptureSupervisor supervisor = capture(postgres.getPort(), certificate)) {
            statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
            statement.execute("CREATE PUBLICATION supabase_realtime FOR TABLE t");
            supervisor.start();
            assertThat(supervisor.awaitStreaming(Duration.ofSeconds(20))).isTrue();

            try (ResultSet row = statement.executeQuery("SELECT bool_and(ssl) FROM pg_stat_ssl"
                    + " JOIN pg_stat_replication USING (pid) WHERE application_name LIKE 'campfire%'")) {
                row.next();
                assertThat(row.getBoolean(1)).isTrue();
            }
            for (int i = 0; i < 50; i++) {
                statement.execute("INSERT INTO t VALUES (" + i + ", repeat('x', 30000))");
                int expected = i + 1;
                await().pollInterval(Duration.ofMillis(1)).until(() -> changes.size() == expected);
            }
            assertThat(CompletableFuture.runAsync(supervisor::close)).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private CaptureSupervisor capture(int port, Path certificate) {
        DatabaseSettings database = new DatabaseSettings(
                "localhost",
                port,
                "postgres",
                "postgres",
                "",
                Map.of("sslmode", "verify-full", "sslrootcert", certificate.toString()));
        return new CaptureSupervisor(
                CaptureSettings.of(database),
                batch -> changes.addAll(batch.changes()),
                InstantSource.system(),
                new Random(1));
    }

    /** A key and a certificate for localhost, by the JDK's own tool, in the form that Postgres reads. */
    private Path makeCertificate() throws Exception {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Key key = keys.getKey("server", PASSWORD.toCharArray());
        write("server.key", pem("PRIVATE KEY", key.getEncoded()));
        return write(
                "server.crt", pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
    }

    /** Readable by its owner alone, or Postgres refuses it; its owner has to be the one that Postgres runs as. */
    private Path write(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + kind + "-----\n";
    }
}
