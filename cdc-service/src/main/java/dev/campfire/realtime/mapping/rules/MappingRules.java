package dev.campfire.realtime.mapping.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole file of rules.
 *
 * @param file its name, as mistakes tell it
 * @param tables in the order of the file
 */
public record MappingRules(String file, List<TableRules> tables) {

    /** The name of the rules that are built in, which lie on the class path. */
    public static final String BUILT_IN = "standard-mapping.yaml";

    /** No file of rules has more; nobody writes so many by hand. */
    public static final int MOST_BYTES = 4 << 20;

    public MappingRules {
        tables = List.copyOf(tables);
    }

    /**
     * Reads rules; they fit each other afterwards, though perhaps not the tables.
     *
     * @param file the name that mistakes tell
     * @param yaml the file's text
     * @throws RulesException with all mistakes
     */
    public static MappingRules parse(String file, String yaml) throws RulesException {
        return new RulesReader(file, yaml).read();
    }

    /**
     * Reads rules from the bytes of a file, which are UTF-8, with a byte order mark or without.
     *
     * @param bytes need not be more than one beyond {@link #MOST_BYTES}
     * @throws RulesException with all mistakes
     */
    public static MappingRules parse(String file, byte[] bytes) throws RulesException {
        return parse(file, RulesText.read(file, bytes));
    }

    /** The text of the built-in rules: the unified standard's for messages and conversations. */
    public static String builtInText() {
        try (InputStream in = MappingRules.class.getResourceAsStream("/" + BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rules that are built in. */
    public static MappingRules builtIn() {
        try {
            return parse(BUILT_IN, builtInText());
        } catch (RulesException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rules of a table; null when it has none. */
    public @Nullable TableRules find(String schema, String table) {
        for (TableRules rules : tables) {
            if (rules.schema().equals(schema) && rules.table().equals(table)) {
                return rules;
            }
        }
        return null;
    }

    /** How many events there are rules for. */
    public int events() {
        return tables.stream().mapToInt(table -> table.events().size()).sum();
    }
}
