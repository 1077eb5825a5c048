package dev.campfire.realtime.server;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a client offers as {@code permessage-deflate} (RFC 7692). It is taken without context takeover on either side:
 * what is sent can then be shared by all clients, and no client costs memory.
 */
final class DeflateOffer {

    /** What an offer is taken with. */
    static final String ANSWER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static final String NAME = "permessage-deflate";

    private DeflateOffer() {}

    /**
     * Whether one of the offers can be taken.
     *
     * @param headers the values of {@code Sec-WebSocket-Extensions}
     */
    static boolean isAcceptable(List<String> headers) {
        for (String header : headers) {
            for (String offer : header.split(",")) {
                if (isTaken(offer.split(";"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isTaken(String[] parts) {
        if (!parts[0].strip().equalsIgnoreCase(NAME)) {
            return false;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            int equals = parameter.indexOf('=');
            String name =
                    equals < 0 ? parameter : parameter.substring(0, equals).strip();
            String value = equals < 0 ? "" : parameter.substring(equals + 1).strip();
            if (!seen.add(name) || !isKept(name, value)) {
                return false;
            }
        }
        return true;
    }

    /** A smaller window than the usual cannot be kept here; everything else can. */
    private static boolean isKept(String name, String value) {
        return switch (name) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
            case "client_max_window_bits" -> value.isEmpty() || isWindow(value);
            case "server_max_window_bits" -> value.equals("15") || value.equals("\"15\"");
            default -> false;
        };
    }

    private static boolean isWindow(String value) {
        return value.matches("\"?([89]|1[0-5])\"?");
    }
}
