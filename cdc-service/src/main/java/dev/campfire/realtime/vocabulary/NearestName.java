package dev.campfire.realtime.vocabulary;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** The name that somebody may have meant. */
public final class NearestName {

    /** Longer ones are compared by their beginnings: it is a hint, and must not cost much. */
    private static final int COMPARED = 120;

    /** Behind an organisation's id no name has more parts. */
    private static final int MOST_PARTS = 5;

    private static final String ORGANIZATION = "{organization}";
    private static final String ID = "{id}";

    private NearestName() {}

    /** The candidate that is nearest to a name; empty when there are none. */
    public static String of(String name, Iterable<String> candidates) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(cut(name), cut(candidate));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** The nearest event of the standard. */
    static String event(String name) {
        return of(name, Arrays.stream(EventName.values()).map(EventName::text).toList());
    }

    /** The nearest channel of the standard, with the ids that the name seems to have. */
    static String channel(String name) {
        String[] parts = name.split(":", MOST_PARTS + 1);
        boolean isOfOrganization = name.startsWith(ChannelKind.ORGANIZATION_PREFIX);
        String org = isOfOrganization && parts.length > 1 && ChannelId.isWellFormed(parts[1]) ? parts[1] : ORGANIZATION;
        Set<String> ids = new LinkedHashSet<>();
        for (int i = 2; i < parts.length; i++) {
            if (ChannelId.isWellFormed(parts[i])) {
                ids.add(parts[i]);
            }
        }
        ids.add(ID);
        Set<String> candidates = new LinkedHashSet<>();
        for (ChannelKind kind : ChannelKind.values()) {
            boolean isOfSystem = kind.scope() == ChannelKind.Scope.SYSTEM;
            if (isOfSystem != isOfOrganization) {
                ids.forEach(id -> candidates.add(kind.write(org, id)));
            }
        }
        return of(name, candidates);
    }

    private static String cut(String name) {
        return name.length() <= COMPARED ? name : name.substring(0, COMPARED);
    }

    /** How many characters have to be put in, taken out or replaced. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
            }
            int[] spare = before;
            before = row;
            row = spare;
        }
        return before[to.length()];
    }
}
