package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections over TLS, and a certificate that is replaced while they are there. */
final class SecuredSocketTest {

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();
    private long written = 1_700_000_000;

    private X509Certificate issue(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "it",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        PrivateKey key = (PrivateKey) keys.getKey("it", "password".toCharArray());
        X509Certificate certificate = (X509Certificate) keys.getCertificate("it");
        write("cert.pem", pem("CERTIFICATE", certificate.getEncoded()));
        write("key.pem", pem("PRIVATE KEY", key.getEncoded()));
        return certificate;
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
        Files.setLastModifiedTime(folder.resolve(file), FileTime.from(Instant.ofEpochSecond(++written)));
    }

    private TlsFiles files() throws IOException {
        return new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"), now::get);
    }

    private static HttpClient trusting(X509Certificate... certificates) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (int i = 0; i < certificates.length; i++) {
            trusted.setCertificateEntry("c" + i, certificates[i]);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static String subject(HttpClient client, int port) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/api/ping"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        SSLSession session = answer.sslSession().orElseThrow();
        return ((X509Certificate) session.getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void frames_and_answers_go_through_tls_and_nothing_else_is_understood() throws Exception {
        X509Certificate certificate = issue("first");
        ServerFixture fixture = new ServerFixture(SocketLimits.DEFAULT, files());
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (HttpClient client = trusting(certificate)) {
            assertThat(subject(client, fixture.port)).isEqualTo("CN=first");
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("wss://localhost:" + fixture.port + "/socket/websocket?vsn=2.0.0&apikey="
                                    + fixture.token()),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                                    received.add(text.toString());
                                    from.request(1);
                                    return null;
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            socket.sendText("[\"1\",\"1\",\"realtime:room\",\"phx_join\",{}]", true)
                    .join();
            assertThat(received.poll(10, TimeUnit.SECONDS)).contains("\"ok\"");
            socket.abort();
            RawConnection plain = new RawConnection(fixture.port);
            assertThatThrownBy(() -> assertThat(plain.upgrade("/socket/websocket?vsn=2.0.0&apikey=x"))
                            .startsWith("HTTP/1.1 101"))
                    .isInstanceOf(Throwable.class);
            plain.close();
        } finally {
            fixture.close();
        }
    }

    @Test
    void files_that_have_changed_are_used_for_new_connections_and_wrong_ones_are_not() throws Exception {
        X509Certificate first = issue("first");
        ServerFixture fixture = new ServerFixture(SocketLimits.DEFAULT, files());
        try {
            write("cert.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
            now.addAndGet(TimeUnit.SECONDS.toNanos(3));
            assertThat(subject(trusting(first), fixture.port)).isEqualTo("CN=first");

            X509Certificate second = issue("second");
            assertThat(subject(trusting(first, second), fixture.port))
                    .as("not looked at again yet")
                    .isEqualTo("CN=first");
            now.addAndGet(TimeUnit.SECONDS.toNanos(3));
            assertThat(subject(trusting(first, second), fixture.port)).isEqualTo("CN=second");
        } finally {
            fixture.close();
        }
    }

    @Test
    void files_that_can_not_be_used_are_refused_with_their_names_and_without_their_content() throws Exception {
        issue("first");
        write("key.pem", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(this::files)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("key.pem")
                .hasMessageContaining("PKCS #8")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void a_socket_that_sends_too_much_is_closed_with_1008_and_others_are_served() throws Exception {
        SocketLimits.Rates few = new SocketLimits.Rates(5, 10, 1 << 20);
        SocketLimits.Rates none = new SocketLimits.Rates(SocketLimits.NONE, SocketLimits.NONE, SocketLimits.NONE);
        ServerFixture fixture = new ServerFixture(new SocketLimits(few, none, 2), null);
        try (RawConnection one = new RawConnection(fixture.port);
                RawConnection two = new RawConnection(fixture.port);
                RawConnection three = new RawConnection(fixture.port)) {
            String path = "/socket/websocket?vsn=2.0.0&apikey=" + fixture.token();
            assertThat(one.upgrade(path)).startsWith("HTTP/1.1 101");
            assertThat(two.upgrade(path)).startsWith("HTTP/1.1 101");
            assertThatThrownBy(() -> assertThat(three.upgrade(path)).startsWith("HTTP/1.1 101"))
                    .as("a third connection of the address")
                    .isInstanceOf(Throwable.class);
            byte[] heartbeat =
                    "[null,\"1\",\"phoenix\",\"heartbeat\",{}]".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int i = 0; i < 11; i++) {
                one.frame(0x81, heartbeat);
            }
            String last = one.readFrame();
            for (int i = 0; i < 11 && !last.startsWith("8:"); i++) {
                last = one.readFrame();
            }
            assertThat(last).startsWith("8:");
            two.frame(0x81, heartbeat);
            assertThat(two.readFrame()).contains("phx_reply");
        } finally {
            fixture.close();
        }
    }
}
