package dev.campfire.realtime.benchmarks.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Raw numbers by quantity, subject and size, in the order in which they came. For one thread. */
final class Measurements {

    private record Quantity(String axis, Map<String, SortedMap<Double, double[]>> subjects) {}

    private final Map<String, Quantity> quantities = new LinkedHashMap<>();

    /** @param axis what {@code size} counts; empty when there is no size */
    void add(String what, String axis, String subject, double size, double[] values) {
        Quantity quantity = quantities.computeIfAbsent(what, name -> new Quantity(axis, new LinkedHashMap<>()));
        if (!quantity.axis().equals(axis)) {
            throw new IllegalArgumentException(what + " depends on " + quantity.axis() + ", not on " + axis);
        }
        quantity.subjects().computeIfAbsent(subject, name -> new TreeMap<>()).put(size, values.clone());
    }

    /** What can be drawn: quantities of which at least one number is known. */
    List<Series> series() {
        List<Series> series = new ArrayList<>();
        quantities.forEach((what, quantity) -> {
            Map<String, SortedMap<Double, Spread>> subjects = new LinkedHashMap<>();
            quantity.subjects()
                    .forEach((subject, sizes) -> sizes.forEach((size, values) -> {
                        if (values.length > 0) {
                            subjects.computeIfAbsent(subject, name -> new TreeMap<>())
                                    .put(size, Spread.of(values));
                        }
                    }));
            if (!subjects.isEmpty()) {
                series.add(new Series(what, quantity.axis(), subjects));
            }
        });
        return series;
    }

    /** Quantity, subject and, where there is one, size, down to the list of repetitions. */
    ObjectNode json(ObjectMapper mapper) {
        ObjectNode json = mapper.createObjectNode();
        quantities.forEach((what, quantity) -> {
            ObjectNode subjects = json.putObject(what);
            quantity.subjects().forEach((subject, sizes) -> {
                if (quantity.axis().isEmpty()) {
                    sizes.values().forEach(values -> fill(subjects.putArray(subject), values));
                } else {
                    ObjectNode bySize = subjects.putObject(subject);
                    sizes.forEach((size, values) -> fill(bySize.putArray(sizeText(size)), values));
                }
            });
        });
        return json;
    }

    private static void fill(ArrayNode array, double[] values) {
        for (double value : values) {
            array.add(value);
        }
    }

    private static String sizeText(double size) {
        return size == Math.rint(size) ? Long.toString((long) size) : Double.toString(size);
    }
}
