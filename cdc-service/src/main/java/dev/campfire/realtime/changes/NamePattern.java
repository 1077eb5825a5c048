package dev.campfire.realtime.changes;

/**
 * Names of schemas and tables in subscriptions: {@code *} is any, and otherwise {@code %} and {@code _} are what they are
 * in {@code LIKE}, without an escape.
 */
final class NamePattern {

    private NamePattern() {}

    static boolean matches(String pattern, String name) {
        return pattern.equals(Binding.ANY) || pattern.equals(name) || like(pattern, name);
    }

    /** The usual two fingers: on a mismatch the last percent sign takes one character more. */
    private static boolean like(String pattern, String name) {
        int p = 0;
        int n = 0;
        int percent = -1;
        int retry = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '%') {
                percent = p++;
                retry = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '_' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (percent >= 0) {
                p = percent + 1;
                n = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '%') {
            p++;
        }
        return p == pattern.length();
    }
}
