package dev.campfire.realtime.access;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of channels that are judged by the policies whatever a client asks for. Immutable.
 *
 * @param patterns names in which {@code *} stands for anything, colons included
 */
public record ProtectedChannels(List<String> patterns) {

    /** The names of the unified standard. */
    public static final ProtectedChannels STANDARD = new ProtectedChannels(List.of("org:*", "system:*"));

    /** No name is: what is not private may be joined with any token. */
    public static final ProtectedChannels NONE = new ProtectedChannels(List.of());

    public ProtectedChannels {
        patterns = List.copyOf(patterns);
    }

    /** @param name without {@code realtime:} */
    public boolean covers(String name) {
        for (String pattern : patterns) {
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(name);
        }
        if (star == pattern.length() - 1) {
            return name.startsWith(pattern.substring(0, star));
        }
        String regex =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches();
    }
}
