package dev.campfire.realtime.mapping.rules;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text of a file of rules, as its bytes say it. */
final class RulesText {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private RulesText() {}

    /** @throws RulesException when the bytes are too many, or not UTF-8 */
    static String read(String file, byte[] bytes) throws RulesException {
        if (bytes.length > MappingRules.MOST_BYTES) {
            throw new RulesException(List.of(new Mistake(
                    new Place(file, 1, 1), "the file has more than " + MappingRules.MOST_BYTES + " bytes")));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        boolean isWhole =
                !StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError();
        String text = out.flip().toString();
        if (!isWhole) {
            throw new RulesException(List.of(new Mistake(
                    end(file, text),
                    "the byte 0x%02X is not UTF-8; save the file as UTF-8".formatted(bytes[in.position()]))));
        }
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Where that stands which comes behind the text. */
    private static Place end(String file, String text) {
        int lines = (int) text.chars().filter(c -> c == '\n').count();
        return new Place(file, lines + 1, text.length() - text.lastIndexOf('\n'));
    }
}
