package dev.campfire.realtime.mapping;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the strings of a JSON text that is known to be well formed stand for. */
final class JsonString {

    private static final int UNICODE_ESCAPE_LENGTH = 6;

    private JsonString() {}

    /** Whether anything in this part of the text is written with a backslash. */
    static boolean hasEscapes(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The string's bytes in UTF-8; a lone surrogate has the three bytes that UTF-8 forbids. */
    static byte[] unescape(byte[] text, int start, int end) {
        if (!hasEscapes(text, start, end)) {
            return Arrays.copyOfRange(text, start, end);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
        int at = start;
        while (at < end) {
            if (text[at] != '\\') {
                bytes.write(text[at++]);
            } else if (text[at + 1] == 'u') {
                at = unescapeUnicode(bytes, text, at, end);
            } else {
                bytes.write(unescape(text[at + 1]));
                at += 2;
            }
        }
        return bytes.toByteArray();
    }

    /**
     * Whether unescaped bytes are text in jsonb's sense: json allows the escapes of U+0000 and of lone surrogates, jsonb
     * does not.
     */
    static boolean isText(byte[] unescaped) {
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

    private static int unescapeUnicode(ByteArrayOutputStream bytes, byte[] text, int start, int end) {
        char first = hex(text, start + 2);
        int next = start + UNICODE_ESCAPE_LENGTH;
        if (Character.isHighSurrogate(first)
                && next + UNICODE_ESCAPE_LENGTH <= end
                && text[next] == '\\'
                && text[next + 1] == 'u') {
            char second = hex(text, next + 2);
            if (Character.isLowSurrogate(second)) {
                bytes.writeBytes(utf8(Character.toCodePoint(first, second)));
                return next + UNICODE_ESCAPE_LENGTH;
            }
        }
        if (Character.isSurrogate(first)) {
            bytes.write(0xE0 | first >> 12);
            bytes.write(0x80 | first >> 6 & 0x3F);
            bytes.write(0x80 | first & 0x3F);
        } else {
            bytes.writeBytes(utf8(first));
        }
        return next;
    }

    private static byte[] utf8(int codePoint) {
        return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    }

    private static char hex(byte[] text, int start) {
        int value = 0;
        for (int i = start; i < start + 4; i++) {
            value = value << 4 | Character.digit(text[i], 16);
        }
        return (char) value;
    }

    private static int unescape(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
