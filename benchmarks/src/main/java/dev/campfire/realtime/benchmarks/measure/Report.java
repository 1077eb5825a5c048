package dev.campfire.realtime.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one scenario found: tables and figures for people, the same and the raw numbers as JSON for programs. */
public final class Report {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final String scenario;
    private final Machine before = Machine.now();
    private final ObjectNode parameters = JSON.createObjectNode();
    private final Measurements measurements = new Measurements();
    private final List<Table> tables = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    public Report(String scenario) {
        this.scenario = scenario;
    }

    public String scenario() {
        return scenario;
    }

    public Report parameter(String name, Object value) {
        parameters.putPOJO(name, value instanceof Number || value instanceof Boolean ? value : value.toString());
        return this;
    }

    /** Keeps raw numbers for the JSON and the picture: what was measured, of what, in the order of the repetitions. */
    public void measured(String what, String subject, double... values) {
        measurements.add(what, "", subject, 0, values);
    }

    /**
     * Keeps the raw numbers of one point of a growth curve.
     *
     * @param what was measured, with its unit
     * @param axis what the size counts, such as subscribers
     * @param subject of what
     * @param size at which size
     * @param values in the order of the repetitions
     */
    public void measuredAt(String what, String axis, String subject, double size, double... values) {
        measurements.add(what, axis, subject, size, values);
    }

    public void add(Table table) {
        tables.add(table);
    }

    public void add(Figure figure) {
        figures.add(figure);
    }

    /** Something that a reader must know in order not to be misled by the numbers. */
    public void note(String note) {
        notes.add(note);
    }

    /** Whether every figure keeps its limit. */
    public boolean reached() {
        return figures.stream().allMatch(Figure::reached);
    }

    public void print(PrintStream out) {
        out.println();
        out.println("== " + scenario + " ==  " + before.text() + ", now "
                + Machine.now().load());
        tables.forEach(table -> out.println(table.text()));
        figures.forEach(figure -> out.println("  " + figure.text()));
        notes.forEach(note -> out.println("  note: " + note));
        out.flush();
    }

    /** Where the numbers come from, in a line. */
    public String origin() {
        return before.text();
    }

    /** What can be drawn. */
    public List<Series> series() {
        return measurements.series();
    }

    /** The figures and the notes, one line each. */
    public List<String> remarks() {
        List<String> lines = new ArrayList<>();
        figures.forEach(figure -> lines.add(figure.text().strip()));
        notes.forEach(note -> lines.add("note: " + note));
        return lines;
    }

    /** Writes all of it as JSON into the file, in the place of an earlier one. */
    public void write(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("scenario", scenario);
        json.set("machine", before.json(JSON.createObjectNode()));
        json.put("loadAverageAfter", Machine.now().load());
        json.set("parameters", parameters);
        json.set("measured", measurements.json(JSON));
        ArrayNode list = json.putArray("figures");
        for (Figure figure : figures) {
            list.addObject()
                    .put("name", figure.name())
                    .put("value", figure.value())
                    .put(figure.ceiling() ? "atMost" : "atLeast", figure.limit())
                    .put("unit", figure.unit())
                    .put("reached", figure.reached());
        }
        notes.forEach(json.putArray("notes")::add);
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writeValue(file.toFile(), json);
    }
}
