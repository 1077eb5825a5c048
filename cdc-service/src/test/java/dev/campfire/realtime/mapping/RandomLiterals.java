package dev.campfire.realtime.mapping;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of Postgres types at random, as literals that Postgres can read. */
final class RandomLiterals {

    static final List<String> TYPES = List.of(
            "text",
            "text[]",
            "numeric",
            "float4",
            "float8",
            "float8[]",
            "timestamp",
            "timestamptz",
            "timestamptz[]",
            "json",
            "jsonb",
            "json[]",
            "pair",
            "pair[]",
            "bytea",
            "hstore");

    private static final String ALPHABET = "ab \"\\'{}()[],;:=>/\n\r\t\b\f\u0001\u001f\u007fé漢\u2028😀NUL";

    private final Random random;

    RandomLiterals(Random random) {
        this.random = random;
    }

    String next(String type) {
        return switch (type) {
            case "text" -> text();
            case "text[]" -> array(this::text);
            case "numeric" -> numeric();
            case "float4" -> Float.toString(Float.intBitsToFloat(random.nextInt()));
            case "float8" -> Double.toString(Double.longBitsToDouble(random.nextLong()));
            case "float8[]" -> array(() -> Double.toString(random.nextGaussian()));
            case "timestamp" -> timestamp("");
            case "timestamptz" -> timestamp("+%02d:%02d".formatted(random.nextInt(15), random.nextInt(60)));
            case "timestamptz[]" -> array(() -> timestamp("+00"));
            case "json", "jsonb" -> json(4);
            case "json[]" -> array(() -> json(3));
            case "pair" -> pair();
            case "pair[]" -> array(this::pair);
            case "bytea" -> "\\x" + "%08x".formatted(random.nextInt());
            case "hstore" -> hstore();
            default -> throw new IllegalArgumentException(type);
        };
    }

    private String text() {
        int[] points = ALPHABET.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private String array(Supplier<String> element) {
        int width = 1 + random.nextInt(4);
        Supplier<String> row = () -> list(width, () -> random.nextInt(6) == 0 ? "NULL" : quoted(element.get()));
        return switch (random.nextInt(4)) {
            case 0 -> "{" + list(1 + random.nextInt(3), () -> "{" + row.get() + "}") + "}";
            case 1 -> "[-1:%d]={%s}".formatted(width - 2, row.get());
            default -> "{" + row.get() + "}";
        };
    }

    private String pair() {
        String second = text();
        return "(%s,%s)"
                .formatted(
                        random.nextInt(4) == 0 ? "" : random.nextInt(),
                        random.nextInt(4) == 0
                                ? ""
                                : "\"" + second.replace("\\", "\\\\").replace("\"", "\"\"") + "\"");
    }

    private String hstore() {
        return list(random.nextInt(4), () -> quoted(text()) + "=>" + (random.nextBoolean() ? "NULL" : quoted(text())));
    }

    private String numeric() {
        String digits = Stream.generate(() -> String.valueOf(random.nextInt(10)))
                .limit(1 + random.nextInt(40))
                .collect(Collectors.joining());
        return (random.nextBoolean() ? "-" : "") + digits + (random.nextBoolean() ? "." + digits : "");
    }

    private String timestamp(String zone) {
        return "%04d-%02d-%02d %02d:%02d:%02d.%06d%s%s"
                .formatted(
                        1 + random.nextInt(4700),
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1_000_000),
                        zone,
                        random.nextInt(5) == 0 ? " BC" : "");
    }

    private String json(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> jsonString();
            case 1 -> numericJson();
            case 2 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 3 -> String.valueOf(random.nextLong());
            case 4 -> "[" + space() + list(random.nextInt(4), () -> json(depth - 1) + space()) + "]";
            default -> "{" + space() + list(random.nextInt(5), () -> member(depth)) + "}";
        };
    }

    private String member(int depth) {
        return space() + jsonString() + space() + ":" + space() + json(depth - 1) + space();
    }

    private String numericJson() {
        String number = random.nextInt(100) + (random.nextBoolean() ? "." + random.nextInt(1000) : "");
        return (random.nextBoolean() ? "-" : "")
                + number
                + (random.nextBoolean() ? List.of("e", "E+", "e-").get(random.nextInt(3)) + random.nextInt(30) : "");
    }

    /** Short, so that keys often meet. */
    private String jsonString() {
        StringBuilder json = new StringBuilder("\"");
        text().codePoints().limit(2).forEach(point -> {
            if (point < 0x20 || point == '"' || point == '\\' || random.nextInt(4) == 0) {
                Character.toString(point).chars().forEach(unit -> json.append("\\u%04x".formatted(unit)));
            } else {
                json.appendCodePoint(point);
            }
        });
        return json.append('"').toString();
    }

    private String space() {
        return List.of("", "", " ", "\n", "\t ").get(random.nextInt(5));
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String list(int size, Supplier<String> element) {
        return Stream.generate(element).limit(size).collect(Collectors.joining(","));
    }
}
