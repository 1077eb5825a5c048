package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortTest {

    @Test
    void givesAnotherOneEachTimeThatNobodyIsGivenUnasked() throws Exception {
        int one = FreePort.choose();
        int other = FreePort.choose();
        assertThat(one).isNotEqualTo(other).isBetween(1024, 32_767);
        try (ServerSocket socket = new ServerSocket(other, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }
}
