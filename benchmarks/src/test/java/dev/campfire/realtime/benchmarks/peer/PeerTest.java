package dev.campfire.realtime.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerTest {

    @TempDir
    Path folder;

    @Test
    void is_missing_when_its_package_is_not_installed() {
        List<Peer> peers = Peer.all(new NodeModules(folder));

        assertThat(peers)
                .filteredOn(peer -> peer.id().equals("ws") || peer.id().equals("socketio"))
                .hasSize(2)
                .allSatisfy(peer -> {
                    assertThat(peer.version()).isEmpty();
                    assertThat(peer.installation()).contains("npm install", NodeModules.VARIABLE);
                });
    }

    @Test
    void is_found_with_the_version_of_its_package() throws Exception {
        NodeModules modules = new NodeModules(folder);
        assumeTrue(modules.program("node").isPresent(), "no Node.js on this machine");
        Files.createDirectories(folder.resolve("ws"));
        Files.writeString(folder.resolve("ws/package.json"), "{\"name\": \"ws\", \"version\": \"8.1.2\"}");

        assertThat(ScriptPeer.ws(modules).version()).get().asString().startsWith("ws 8.1.2, node v");
    }

    @Test
    void has_names_of_its_own() {
        assertThat(Peer.all(new NodeModules(folder))).extracting(Peer::id).doesNotHaveDuplicates();
    }

    @Test
    void fills_in_its_configuration() throws Exception {
        Path file = new Template("nginx.conf")
                .fill(folder, Map.of("PORT", "4401", "FOLDER", folder.toString(), "MODULE", "/m.so"));

        assertThat(Files.readString(file))
                .contains("listen 127.0.0.1:4401", "load_module /m.so;", "pid " + folder + "/nginx.pid;")
                .doesNotContainPattern("@[A-Z]+@");
    }
}
