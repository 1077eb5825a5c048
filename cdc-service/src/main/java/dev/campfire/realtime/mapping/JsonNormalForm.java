package dev.campfire.realtime.mapping;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
        byte[] key = unescaped(keyStart, at - 1);
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
        if (indexOfBackslash(at, next) < 0) {
            copy(next);
            return;
        }
        byte[] unescaped = unescaped(at + 1, next - 1);
        if (isText(unescaped)) {
            out.string(unescaped, 0, unescaped.length);
            at = next;
        } else {
            copy(next);
        }
    }

    /** json allows the escapes of U+0000 and of lone surrogates, jsonb does not: such a string stays as it is. */
    private static boolean isText(byte[] unescaped) {
        for (int i = 0; i < unescaped.length; i++) {
            if (unescaped[i] == 0) {
                return false;
            }
            if (unescaped[i] < 0) {
                int length = Utf8.sequenceAt(unescaped, i, unescaped.length);
                if (length == 0) {
                    return false;
                }
                i += length - 1;
            }
        }
        return true;
    }

    private byte[] unescaped(int start, int stop) {
        if (indexOfBackslash(start, stop) < 0) {
            return Arrays.copyOfRange(text, start, stop);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(stop - start);
        int i = start;
        while (i < stop) {
            if (text[i] != '\\') {
                bytes.write(text[i++]);
            } else if (text[i + 1] == 'u') {
                i = unescapeUnicode(bytes, i, stop);
            } else {
                bytes.write(unescaped(text[i + 1]));
                i += 2;
            }
        }
        return bytes.toByteArray();
    }

    private int unescapeUnicode(ByteArrayOutputStream bytes, int start, int stop) {
        char first = hex(start + 2);
        int next = start + 6;
        if (Character.isHighSurrogate(first) && next + 6 <= stop && text[next] == '\\' && text[next + 1] == 'u') {
            char second = hex(next + 2);
            if (Character.isLowSurrogate(second)) {
                bytes.writeBytes(
                        Character.toString(Character.toCodePoint(first, second)).getBytes(StandardCharsets.UTF_8));
                return next + 6;
            }
        }
        if (Character.isSurrogate(first)) {
            // Not UTF-8, on purpose: isText tells it by that.
            bytes.write(0xE0 | first >> 12);
            bytes.write(0x80 | first >> 6 & 0x3F);
            bytes.write(0x80 | first & 0x3F);
        } else {
            bytes.writeBytes(Character.toString(first).getBytes(StandardCharsets.UTF_8));
        }
        return next;
    }

    private char hex(int start) {
        int value = 0;
        for (int i = start; i < start + 4; i++) {
            value = value << 4 | Character.digit(text[i], 16);
        }
        return (char) value;
    }

    private static int unescaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }

    private int indexOfBackslash(int start, int stop) {
        for (int i = start; i < stop; i++) {
            if (text[i] == '\\') {
                return i;
            }
        }
        return -1;
    }

    private void copy(int next) {
        out.raw(text, at, next);
        at = next;
    }

    private void skipWhitespace() {
        at = JsonScan.skipWhitespace(text, at, end);
    }
}
