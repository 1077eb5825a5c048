package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.FreePort;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./campfire demo}, from nothing to the first event, and again. */
@Apart
class DemoIT {

    private static final String CHANNEL =
            "org:b5e80170-004c-4e82-a88c-3e2166b169dd:conv:48eedfba-2568-4231-bb38-2ce20420900d";

    @TempDir
    private Path data;

    private final int port = FreePort.choose();
    private final int postgresPort = FreePort.choose();

    @Test
    void delivers_an_inserted_message_ends_cleanly_and_keeps_its_data_even_when_it_is_killed() throws Exception {
        try (Launcher demo = demo().awaitLine("Ready.")) {
            demo.awaitLine(CHANNEL);
            assertThat(insertedAndReceived("first")).isEqualTo("first");

            assertThat(demo.terminate()).isZero();
        }
        assertThatPostgresHasEnded();

        try (Launcher killed = demo().awaitLine("Ready.")) {
            assertThat(insertedAndReceived("second")).isEqualTo("second");
            killed.kill();
        }
        try (Launcher again = demo().awaitLine("Ready.")) {
            assertThat(insertedAndReceived("third")).isEqualTo("third");
            assertThat(again.terminate()).isZero();
        }
        assertThatPostgresHasEnded();
    }

    @Test
    void says_in_a_line_that_a_port_is_taken() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                Launcher demo = demo()) {
            assertThat(taken.isBound()).isTrue();
            assertThat(demo.awaitExit()).isEqualTo(1);
            assertThat(demo.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("Port " + port + " is taken")
                            .contains("--port"))
                    .noneSatisfy(line -> assertThat(line).startsWith("\tat "));
        }
    }

    private Launcher demo() {
        return Launcher.run("demo", "--port", "" + port, "--pg-port", "" + postgresPort, "--data", data.toString());
    }

    private String insertedAndReceived(String content) {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            socket.join(CHANNEL);
            try (Launcher insert = Launcher.run("demo", "insert", "--pg-port", "" + postgresPort, content)) {
                assertThat(insert.awaitExit()).isZero();
            }
            PhoenixMessage message = socket.awaitBroadcast("message:created");
            return message.payload()
                    .path("payload")
                    .path("record")
                    .path("content")
                    .asText();
        }
    }

    private void assertThatPostgresHasEnded() {
        assertThatThrownBy(() -> connect(postgresPort)).isInstanceOf(ConnectException.class);
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
}
