package dev.campfire.realtime.replay;

import java.util.regex.Pattern;

/**
 * How fast something is played.
 *
 * @param factor how many times as fast as it was committed; infinite for as fast as it goes
 */
public record Speed(double factor) {

    /** As fast as it goes. */
    public static final Speed MAX = new Speed(Double.POSITIVE_INFINITY);

    private static final Pattern FACTOR = Pattern.compile("(\\d{1,6}(\\.\\d{1,3})?)x?");

    /** Reads {@code max}, {@code recorded}, or a factor such as 1, 0.5 or 10x. */
    public static Speed parse(String text) throws MalformedRequestException {
        if (text.equals("max")) {
            return MAX;
        }
        if (text.equals("recorded")) {
            return new Speed(1);
        }
        double factor = FACTOR.matcher(text).matches() ? Double.parseDouble(text.replace("x", "")) : 0;
        if (factor <= 0) {
            throw new MalformedRequestException(
                    "\"" + text + "\" is no speed: max, recorded, or how many times as fast, such as 0.5 or 10");
        }
        return new Speed(factor);
    }

    boolean isMax() {
        return Double.isInfinite(factor);
    }
}
