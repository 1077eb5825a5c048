package dev.campfire.realtime.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server on this machine, and how it is spoken to.
 *
 * @param protocol as the load program calls it
 * @param port where it listens
 * @param options of the load program, by name
 */
public record LoadTarget(String protocol, int port, Map<String, String> options) {

    public LoadTarget {
        options = Map.copyOf(options);
    }

    /** The service, through its websocket. */
    public static LoadTarget service(int port, String token) {
        return new LoadTarget("phoenix", port, Map.of("path", "/realtime/v1/websocket?apikey=" + token + "&vsn=2.0.0"));
    }

    /** The same with one more option. */
    public LoadTarget with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(name, value.toString());
        return new LoadTarget(protocol, port, more);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(protocol, Integer.toString(port)));
        options.forEach((name, value) -> arguments.add(name + "=" + value));
        return arguments;
    }
}
