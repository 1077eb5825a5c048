package dev.campfire.realtime.mapping.rules;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A text of a YAML file that knows where in it each of its characters stands. */
final class ScalarText {

    private final Source source;
    private final String text;
    private final Place start;
    /** Where each line of the file that the text is made of begins, in the order of the text. */
    private final List<Piece> pieces = new ArrayList<>();

    /** The text from this offset on stands in the file from this place on. */
    private record Piece(int offset, Place at) {}

    ScalarText(Source source, ScalarNode node) {
        this.source = source;
        this.text = node.getValue();
        this.start = source.start(node);
        int end = source.endLine(node);
        if (node.getScalarStyle() == ScalarStyle.LITERAL || node.getScalarStyle() == ScalarStyle.FOLDED) {
            addBlock(end);
        } else {
            addFlow(node.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 1, end);
        }
    }

    /** A block's lines lose the indentation of the first, and end in one character: a line feed, or a blank. */
    private void addBlock(int end) {
        int indentation = -1;
        int offset = 0;
        for (int line = start.line() + 1; line <= end && offset < text.length(); line++) {
            String content = source.line(line);
            if (indentation < 0) {
                if (content.isBlank()) {
                    offset++;
                    continue;
                }
                indentation = content.length() - content.stripLeading().length();
            }
            int from = Math.min(indentation, content.length());
            pieces.add(new Piece(offset, source.place(line, from + 1)));
            offset += content.length() - from + 1;
        }
    }

    /** The further lines of any other text lose all blanks at both ends, and are joined by one. */
    private void addFlow(int quote, int end) {
        pieces.add(new Piece(0, source.place(start.line(), start.column() + quote)));
        String first = source.line(start.line());
        int offset = first.substring(Math.min(first.length(), start.column() - 1 + quote))
                        .stripTrailing()
                        .length()
                + 1;
        for (int line = start.line() + 1; line <= end && offset < text.length(); line++) {
            String content = source.line(line);
            int from = content.length() - content.stripLeading().length();
            pieces.add(new Piece(offset, source.place(line, from + 1)));
            offset += content.strip().length() + 1;
        }
    }

    String text() {
        return text;
    }

    Place start() {
        return start;
    }

    /** Where the character at this offset of the text stands. */
    Place at(int offset) {
        Piece last = null;
        for (Piece piece : pieces) {
            if (last == null || piece.offset() <= offset) {
                last = piece;
            }
        }
        return last == null ? start : beyond(last, offset);
    }

    /**
     * Where a place within the text stands in the file.
     *
     * @param line from 1
     * @param column from 0
     */
    Place at(int line, int column) {
        int offset = 0;
        for (int i = 1; i < line; i++) {
            int next = text.indexOf('\n', offset);
            if (next < 0) {
                break;
            }
            offset = next + 1;
        }
        return at(offset + Math.max(0, column));
    }

    private Place beyond(Piece piece, int offset) {
        return source.place(piece.at().line(), piece.at().column() + Math.max(0, offset - piece.offset()));
    }
}
