package dev.campfire.realtime.benchmarks.plot;

import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that one scenario measured on one sheet: panels in two columns under a title, and lines of text below them.
 *
 * @param title its heading
 * @param origin where the numbers come from
 * @param series one panel each
 * @param lines what else a reader must know
 */
public record Sheet(String title, String origin, List<Series> series, List<String> lines) {

    private static final double MARGIN = 24;
    private static final double GAP = 28;
    private static final double HEAD = 64;
    private static final double LINE = 17;

    /** What a report has to show. */
    public static Sheet of(Report report) {
        return new Sheet(
                report.scenario(),
                "Medians, with lines from the smallest to the largest; " + report.origin(),
                report.series(),
                report.remarks());
    }

    /** Writes the sheet into the file, in the place of an earlier one. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, svg());
    }

    /** The sheet as an SVG document. */
    public String svg() {
        List<Chart> charts = series.stream().map(Chart::of).toList();
        boolean narrow = charts.size() < 2;
        double width = narrow ? Chart.WIDTH + 2 * MARGIN : 2 * Chart.WIDTH + GAP + 2 * MARGIN;
        double[] columns = new double[] {HEAD, narrow ? Double.POSITIVE_INFINITY : HEAD};
        double[][] places = new double[charts.size()][];
        for (int i = 0; i < charts.size(); i++) {
            int column = columns[0] <= columns[1] ? 0 : 1;
            places[i] = new double[] {MARGIN + column * (Chart.WIDTH + GAP), columns[column]};
            columns[column] += charts.get(i).height() + GAP;
        }
        double end = narrow ? columns[0] : Math.max(columns[0], columns[1]);
        Svg svg = new Svg(width, end + lines.size() * LINE + MARGIN, title);
        svg.text(MARGIN, 32, "title", "start", title);
        svg.text(MARGIN, 50, "faint", "start", origin);
        for (int i = 0; i < charts.size(); i++) {
            charts.get(i).draw(svg, places[i][0], places[i][1]);
        }
        for (String line : lines) {
            svg.text(MARGIN, end + 4, "faint", "start", line);
            end += LINE;
        }
        return svg.end();
    }
}
