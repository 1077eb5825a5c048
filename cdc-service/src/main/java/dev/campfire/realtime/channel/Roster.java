package dev.campfire.realtime.channel;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Who is present on one channel: as was told last, and as is. Used under its channel's lock. */
final class Roster {

    static final byte[] NOBODY = "{}".getBytes(StandardCharsets.US_ASCII);

    private static final int REF_BYTES = 12;

    private final Map<PresenceMember, Meta> told = new LinkedHashMap<>();
    private final Map<PresenceMember, Meta> present = new LinkedHashMap<>();
    private final Set<PresenceMember> changed = new LinkedHashSet<>();
    private final Set<PresenceMember> lost = new HashSet<>(0);
    private byte @Nullable [] state;

    /** What is told of a member, with the reference that makes it unlike all others. */
    private record Meta(String ref, byte[] json) {

        static Meta of(byte[] object, @Nullable Meta previous) {
            byte[] bytes = new byte[REF_BYTES];
            ThreadLocalRandom.current().nextBytes(bytes);
            String ref = Base64.getUrlEncoder().encodeToString(bytes);
            String fields = "\"phx_ref\":\"" + ref + '"'
                    + (previous == null ? "" : ",\"phx_ref_prev\":\"" + previous.ref + '"');
            return new Meta(ref, withFields(object, fields));
        }

        /** Behind the object's own fields, so that a field of this name which a client sends does not count. */
        private static byte[] withFields(byte[] object, String fields) {
            int end = object.length - 1;
            while (object[end] != '}') {
                end--;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream(object.length + fields.length() + 2);
            out.write(object, 0, end);
            boolean isEmpty =
                    new String(object, 0, end, StandardCharsets.UTF_8).strip().equals("{");
            out.writeBytes(((isEmpty ? "" : ",") + fields + "}").getBytes(StandardCharsets.US_ASCII));
            return out.toByteArray();
        }
    }

    /** Whether this is the first change since the last diff. */
    boolean track(PresenceMember member, byte[] object) {
        present.put(member, Meta.of(object, told.get(member)));
        lost.remove(member);
        return note(member);
    }

    /** @param isLost whether it went without a word */
    boolean untrack(PresenceMember member, boolean isLost) {
        if (present.remove(member) == null) {
            return false;
        }
        if (isLost) {
            lost.add(member);
        }
        return note(member);
    }

    /** What the next diff is going to tell, member by member. */
    List<PresenceObserver.Change> changes() {
        List<PresenceObserver.Change> changes = new ArrayList<>(changed.size());
        for (PresenceMember member : changed) {
            Meta old = told.get(member);
            Meta now = present.get(member);
            if (old != now) {
                changes.add(new PresenceObserver.Change(
                        member, old != null, now == null ? null : now.json(), lost.contains(member)));
            }
        }
        return changes;
    }

    private boolean note(PresenceMember member) {
        boolean isFirst = changed.isEmpty();
        changed.add(member);
        return isFirst;
    }

    boolean isEmpty() {
        return told.isEmpty() && present.isEmpty() && changed.isEmpty();
    }

    /** The {@code presence_diff} since the last one; empty when there is nothing to tell. */
    byte[] takeDiff() {
        Map<String, List<Meta>> joins = new LinkedHashMap<>();
        Map<String, List<Meta>> leaves = new LinkedHashMap<>();
        for (PresenceMember member : changed) {
            Meta old = told.get(member);
            Meta now = present.get(member);
            if (old != null && old != now) {
                leaves.computeIfAbsent(member.key(), any -> new ArrayList<>(1)).add(old);
                told.remove(member);
            }
            if (now != null && old != now) {
                joins.computeIfAbsent(member.key(), any -> new ArrayList<>(1)).add(now);
                told.put(member, now);
            }
        }
        changed.clear();
        lost.clear();
        if (joins.isEmpty() && leaves.isEmpty()) {
            return new byte[0];
        }
        state = null;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, "{\"joins\":");
        write(out, joins);
        write(out, ",\"leaves\":");
        write(out, leaves);
        write(out, "}");
        return out.toByteArray();
    }

    /** The {@code presence_state} of the last diff. */
    byte[] state() {
        if (state == null) {
            Map<String, List<Meta>> all = new LinkedHashMap<>();
            told.forEach((member, meta) ->
                    all.computeIfAbsent(member.key(), any -> new ArrayList<>(1)).add(meta));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            write(out, all);
            state = out.toByteArray();
        }
        return state;
    }

    private static void write(ByteArrayOutputStream out, Map<String, List<Meta>> keys) {
        String separator = "{";
        for (Map.Entry<String, List<Meta>> key : keys.entrySet()) {
            write(
                    out,
                    separator + '"' + new String(JsonStringEncoder.getInstance().quoteAsString(key.getKey()))
                            + "\":{\"metas\":");
            char next = '[';
            for (Meta meta : key.getValue()) {
                out.write(next);
                out.writeBytes(meta.json());
                next = ',';
            }
            write(out, "]}");
            separator = ",";
        }
        write(out, keys.isEmpty() ? "{}" : "}");
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
