package dev.campfire.realtime.changes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A binding that Postgres has found good.
 *
 * @param canonical for each condition and type of column the values in Postgres's own spelling; where one is missing, the
 *     condition is asked of Postgres each time
 */
record CheckedBinding(Binding binding, Map<Canonical, List<String>> canonical) {

    /** Which condition's values, for columns of which type. */
    record Canonical(int condition, String type) {}

    CheckedBinding {
        canonical = Map.copyOf(canonical);
    }

    @Nullable
    List<String> canonical(int condition, String type) {
        return canonical.get(new Canonical(condition, type));
    }
}
