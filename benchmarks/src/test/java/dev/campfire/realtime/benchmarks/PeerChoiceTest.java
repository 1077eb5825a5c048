package dev.campfire.realtime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class PeerChoiceTest {

    @Test
    void names_the_peers_that_there_are_to_whoever_asks_for_another() {
        assertThat(chosen("nobody")).contains("no peer is called nobody", "uwebsockets, nats, nchan, ws, socketio");
    }

    private static String chosen(String names) {
        PeerChoice choice = new PeerChoice();
        new picocli.CommandLine(choice).parseArgs("--peers=" + names);
        StringWriter out = new StringWriter();
        try {
            choice.from(dev.campfire.realtime.benchmarks.peer.Peer.all(
                            dev.campfire.realtime.benchmarks.peer.NodeModules.find()))
                    .forEach(peer -> new PrintWriter(out, true).println(peer.id()));
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
        return out.toString();
    }

    @Test
    void takes_all_some_or_none() {
        assertThat(chosen("all").lines()).hasSize(5);
        assertThat(chosen("nats,ws").lines()).containsExactly("nats", "ws");
        assertThat(chosen("none")).isEmpty();
    }
}
