package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which peers are measured beside the service. */
final class PeerChoice {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "all",
            description = "Peers to measure beside it, of those that are installed; all, none, or names as"
                    + " \"bench peers\" lists them. Default: ${DEFAULT-VALUE}.")
    private List<String> names = new ArrayList<>();

    /** Those of the known peers that are wanted. */
    List<Peer> from(List<Peer> known) {
        if (names.equals(List.of("none"))) {
            return List.of();
        }
        if (names.equals(List.of("all"))) {
            return known;
        }
        List<Peer> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(known.stream()
                    .filter(peer -> peer.id().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(name, known)));
        }
        return chosen;
    }

    private RuntimeException unknown(String name, List<Peer> known) {
        String message = "no peer is called " + name + ": there are "
                + String.join(", ", known.stream().map(Peer::id).toList());
        return command == null
                ? new IllegalArgumentException(message)
                : new ParameterException(new CommandLine(command), message);
    }
}
