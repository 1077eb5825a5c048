package dev.campfire.realtime.benchmarks.plot;

import java.util.Locale;

/** The text of an SVG document as it grows. Coordinates are pixels, from the top left. For one thread. */
final class Svg {

    /** The colours of subjects, in the order in which they appear; the first is for what is measured. */
    static final int COLOURS = 8;

    // Two sets of colours, because what is readable on white is not on black; the viewer's own setting chooses.
    private static final String STYLE = """
            <style>
            svg { --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --grid: #d1d9e0;
                  --c0: #d1461f; --c1: #1f6feb; --c2: #1a7f37; --c3: #8250df; --c4: #9a6700; --c5: #bf3989; --c6: #0e7490; --c7: #57606a }
            @media (prefers-color-scheme: dark) {
              svg { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --grid: #30363d;
                    --c0: #ff8861; --c1: #6cb0ff; --c2: #57c96b; --c3: #c09bff; --c4: #e0b341; --c5: #ff85c0; --c6: #4fc3dc; --c7: #a9b3bd }
            }
            text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink) }
            .title { font-size: 18px; font-weight: 600 } .panel { font-size: 13px; font-weight: 600 }
            .faint { fill: var(--faint); font-size: 11px } .grid { stroke: var(--grid); stroke-width: 1 }
            .line { fill: none; stroke-width: 2 } .spread { stroke-width: 1.5; opacity: .6 } .over { stroke: var(--ink); stroke-width: 1.5 }
            </style>
            """;

    private final StringBuilder text = new StringBuilder();

    /** Begins a document of this size. */
    Svg(double width, double height, String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\">%n",
                width, height, width, height);
        text.append("<title>").append(escaped(title)).append("</title>\n").append(STYLE);
        add("<rect width=\"%.0f\" height=\"%.0f\" fill=\"var(--paper)\"/>%n", width, height);
    }

    private void add(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments));
    }

    /** @param anchor {@code start}, {@code middle} or {@code end}: which part of the text is at {@code x} */
    void text(double x, double y, String style, String anchor, String words) {
        add("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">", x, y, style, anchor);
        text.append(escaped(words)).append("</text>\n");
    }

    void gridLine(double x1, double y1, double x2, double y2) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>%n", x1, y1, x2, y2);
    }

    /** The reach from smallest to largest, in the subject's colour. */
    void spread(double x1, double y1, double x2, double y2, int colour) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"spread\" stroke=\"%s\"/>%n",
                x1, y1, x2, y2, variable(colour));
    }

    /** The same upon a bar of that colour. */
    void spreadOnBar(double x1, double x2, double y) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"over\"/>%n", x1, y, x2, y);
    }

    void bar(double x, double y, double width, double height, int colour) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>%n",
                x, y, Math.max(width, 1), height, variable(colour));
    }

    void dot(double x, double y, int colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n", x, y, variable(colour));
    }

    /** @param points x and y in turns */
    void line(double[] points, int colour) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < points.length; i += 2) {
            list.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
        }
        add(
                "<polyline points=\"%s\" class=\"line\" stroke=\"%s\"/>%n",
                list.toString().strip(), variable(colour));
    }

    private static String variable(int colour) {
        return "var(--c" + colour % COLOURS + ")";
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Ends the document. */
    String end() {
        return text.append("</svg>\n").toString();
    }
}
