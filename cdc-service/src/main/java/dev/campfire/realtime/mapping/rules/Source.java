package dev.campfire.realtime.mapping.rules;

import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** A file's text by its lines. */
final class Source {

    private final String file;
    private final List<String> lines;

    Source(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    Place place(int line, int column) {
        return new Place(file, line, column);
    }

    Place place(Mark yaml) {
        return place(yaml.getLine() + 1, yaml.getColumn() + 1);
    }

    Place start(Node node) {
        return node.getStartMark().map(this::place).orElseGet(() -> place(1, 1));
    }

    /** The last line that may belong to the node. */
    int endLine(Node node) {
        return node.getEndMark().map(end -> end.getLine() + 1).orElse(lines.size());
    }

    /** The line of this number, from 1; empty past the end. */
    String line(int number) {
        return number <= lines.size() ? lines.get(number - 1) : "";
    }
}
