package dev.campfire.realtime.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Rewrites the text of a {@code json} column as jsonb has it: of equal keys the last, keys in order of length and then
 * bytes, strings without needless escapes, numbers without exponents, no white space.
 */
final class JsonNormalForm {

    /** How deep this looks. What is nested deeper is written as it stands: the order of its keys is not worth a stack. */
    private static final int MAX_DEPTH = 500;

    private final JsonBuffer out;
    private final byte[] text;
    private final int end;
    private int at;

    private JsonNormalForm(JsonBuffer out, byte[] text, int start, int end) {
        this.out = out;
        this.text = text;
        this.at = start;
        this.end = end;
    }

    /** Writes the value; false, with nothing written, when the text is not JSON. */
    static boolean write(JsonBuffer out, byte[] text, int start, int end) {
        int depth = JsonScan.depth(text, start, end);
        if (depth == JsonScan.NOT_JSON) {
            return false;
        }
        if (depth > MAX_DEPTH) {
            out.raw(text, start, end);
        } else {
            new JsonNormalForm(out, text, start, end).value();
        }
        return true;
    }

    /** A member of an object: its key unescaped, and where key, colon and value were written. */
    private record Member(byte[] key, int start, int end) {

        private static final Comparator<Member> JSONB_ORDER = Comparator.<Member>comparingInt(
                        member -> member.key.length)
                .thenComparing(Member::key, Arrays::compareUnsigned);
    }

    // From here on the text is known to be JSON, so the first byte of a value tells what it is.

    private void value() {
        skipWhitespace();
        switch (text[at]) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't', 'n' -> copy(at + 4);
            case 'f' -> copy(at + 5);
            default -> number();
        }
    }

    private void array() {
        out.raw('[');
        at++;
        skipWhitespace();
        while (text[at] != ']') {
            value();
            separator();
        }
        at++;
        out.raw(']');
    }

    private void object() {
        out.raw('{');
        int start = out.size();
        List<Member> members = new ArrayList<>();
        boolean sorted = true;
        at++;
        skipWhitespace();
        while (text[at] != '}') {
            Member member = member();
            sorted &= members.isEmpty() || Member.JSONB_ORDER.compare(members.getLast(), member) < 0;
            members.add(member);
            separator();
        }
        at++;
        if (!sorted) {
            rearrange(start, members);
        }
        out.raw('}');
    }

    private Member member() {
        int start = out.size();
        int keyStart = at + 1;
        string();
        byte[] key = JsonString.unescape(text, keyStart, at - 1);
        skipWhitespace();
        at++;
        out.raw(':');
        value();
        return new Member(key, start, out.size());
    }

    private void rearrange(int start, List<Member> members) {
        byte[] written = out.copy(start, out.size());
        // The sort is stable: of equal keys the last stays the last.
        members.sort(Member.JSONB_ORDER);
        out.truncate(start);
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            boolean isOverwritten = i + 1 < members.size() && Arrays.equals(member.key, members.get(i + 1).key);
            if (!isOverwritten) {
                if (out.size() > start) {
                    out.raw(',');
                }
                out.raw(written, member.start - start, member.end - start);
            }
        }
    }

    private void separator() {
        skipWhitespace();
        if (text[at] == ',') {
            at++;
            out.raw(',');
            skipWhitespace();
        }
    }

    private void number() {
        int next = JsonNumber.endOf(text, at, end);
        JsonNumber.writeNormalized(out, text, at, next);
        at = next;
    }

    private void string() {
        int next = JsonScan.endOfString(text, at, end);
        if (!JsonString.hasEscapes(text, at, next)) {
            copy(next);
            return;
        }
        byte[] unescaped = JsonString.unescape(text, at + 1, next - 1);
        if (JsonString.isText(unescaped)) {
            out.string(unescaped, 0, unescaped.length);
            at = next;
        } else {
            copy(next);
        }
    }

    private void copy(int next) {
        out.raw(text, at, next);
        at = next;
    }

    private void skipWhitespace() {
        at = JsonScan.skipWhitespace(text, at, end);
    }
}
