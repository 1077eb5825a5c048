package dev.campfire.realtime.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * Names of channels or events, whose segments colons part: a segment {@code *} stands for any one, {@code **} at the end
 * for any number of them, at least one; every other for itself. Immutable.
 */
public final class NamePattern {

    private static final char BETWEEN = ':';
    private static final String ANY = "*";
    private static final String REST = "**";

    private final String text;
    private final List<String> segments;
    private final boolean isOpen;

    private NamePattern(String text, List<String> segments, boolean isOpen) {
        this.text = text;
        this.segments = List.copyOf(segments);
        this.isOpen = isOpen;
    }

    /** @throws MalformedRequestException when an asterisk stands where it means nothing */
    public static NamePattern parse(String text) throws MalformedRequestException {
        if (text.isEmpty()) {
            throw new MalformedRequestException("a name is empty");
        }
        List<String> segments = split(text);
        boolean isOpen = segments.getLast().equals(REST);
        List<String> single = isOpen ? segments.subList(0, segments.size() - 1) : segments;
        for (String segment : single) {
            if (segment.contains(ANY) && !segment.equals(ANY)) {
                throw new MalformedRequestException("in \"" + text + "\" a * has to stand for a whole segment between"
                        + " colons, and ** for all those at the end");
            }
        }
        return new NamePattern(text, single, isOpen);
    }

    private static List<String> split(String text) {
        List<String> segments = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(BETWEEN); end >= 0; end = text.indexOf(BETWEEN, start)) {
            segments.add(text.substring(start, end));
            start = end + 1;
        }
        segments.add(text.substring(start));
        return segments;
    }

    /** Whether it stands for one name alone, its own. */
    boolean isName() {
        return !isOpen && !segments.contains(ANY);
    }

    /** Whether it stands for this name. */
    public boolean matches(String name) {
        int start = 0;
        for (String segment : segments) {
            if (start > name.length()) {
                return false;
            }
            int colon = name.indexOf(BETWEEN, start);
            int end = colon < 0 ? name.length() : colon;
            boolean isSame = end - start == segment.length() && name.startsWith(segment, start);
            if (!isSame && !segment.equals(ANY)) {
                return false;
            }
            start = end + 1;
        }
        return isOpen ? start <= name.length() : start == name.length() + 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
