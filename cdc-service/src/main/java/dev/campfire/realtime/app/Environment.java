package dev.campfire.realtime.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads typed values out of named texts, and gathers what is wrong with them instead of stopping at the first. An empty
 * text counts as absent, as in a compose file that passes on a variable which is not set.
 */
final class Environment {

    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?");

    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();

    Environment(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    int number(String name, int otherwise, int least, int most) {
        return parse(
                name,
                otherwise,
                value -> {
                    int number = Integer.parseInt(value.strip());
                    if (number < least || number > most) {
                        throw new IllegalArgumentException("out of range");
                    }
                    return number;
                },
                "a whole number from " + least + " to " + most);
    }

    boolean flag(String name, boolean otherwise) {
        return parse(
                name,
                otherwise,
                value -> switch (value.strip().toLowerCase(Locale.ROOT)) {
                    case "true", "1", "yes", "on" -> true;
                    case "false", "0", "no", "off" -> false;
                    default -> throw new IllegalArgumentException("neither");
                },
                "true or false");
    }

    /** One of the constants of an enumeration, by its name in whatever case. */
    <E extends Enum<E>> E choice(String name, E otherwise) {
        Class<E> choices = otherwise.getDeclaringClass();
        return parse(
                name,
                otherwise,
                value -> Enum.valueOf(choices, value.strip().toUpperCase(Locale.ROOT)),
                "one of "
                        + Arrays.stream(choices.getEnumConstants())
                                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")));
    }

    Duration duration(String name, Duration otherwise) {
        return parse(name, otherwise, Environment::parseDuration, "a time such as 500ms, 30s, 10m or 1h");
    }

    /** A size in bytes. */
    long size(String name, long otherwise) {
        return parse(name, otherwise, Environment::parseSize, "a size such as 500kB, 16MiB or 10GB");
    }

    /** Notes something wrong that the values alone do not show. */
    void problem(String line) {
        problems.add(line);
    }

    /** @throws SettingsException when anything was wrong */
    void requireNoProblems() throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private <T> T parse(String name, T otherwise, Function<String, T> parser, String expected) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            return parser.apply(value.get());
        } catch (IllegalArgumentException | ArithmeticException e) {
            problem(name + " must be " + expected + ", not \"" + value.get() + "\"");
            return otherwise;
        }
    }

    static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static long parseSize(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        String unit = Optional.ofNullable(matcher.group(2)).orElse("B");
        long factor =
                switch (unit) {
                    case "kB", "KB" -> 1000L;
                    case "MB" -> 1000L * 1000;
                    case "GB" -> 1000L * 1000 * 1000;
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default -> 1L;
                };
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    }
}
