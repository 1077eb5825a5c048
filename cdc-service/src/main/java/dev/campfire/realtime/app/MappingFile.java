package dev.campfire.realtime.app;

import dev.campfire.realtime.mapping.rules.MappingRules;
import dev.campfire.realtime.mapping.rules.Mistake;
import dev.campfire.realtime.mapping.rules.RulesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the rules of the mapping come from, and what they are.
 *
 * @param path the operator's file; null for the built-in one
 * @param rules as they were when the file was read
 */
record MappingFile(@Nullable Path path, MappingRules rules) {

    /** The rules that are built in. */
    static MappingFile builtIn() {
        return new MappingFile(null, MappingRules.builtIn());
    }

    /** Reads the setting; what is wrong with the file is added to the environment's problems. */
    static MappingFile read(Environment environment) {
        String path = environment.text("CAMPFIRE_MAPPING").orElse(null);
        if (path == null) {
            return builtIn();
        }
        try {
            return read(Path.of(path));
        } catch (SettingsException e) {
            e.problems().forEach(environment::problem);
        } catch (java.nio.file.InvalidPathException e) {
            environment.problem("CAMPFIRE_MAPPING is no path: " + path);
        }
        return builtIn();
    }

    /** @throws SettingsException with a line for each mistake */
    static MappingFile read(Path path) throws SettingsException {
        try (InputStream in = Files.newInputStream(path)) {
            return new MappingFile(
                    path, MappingRules.parse(path.toString(), in.readNBytes(MappingRules.MOST_BYTES + 1)));
        } catch (RulesException e) {
            throw new SettingsException(lines(e.mistakes()));
        } catch (NoSuchFileException e) {
            throw new SettingsException(List.of("the mapping " + path + " is not there"));
        } catch (IOException e) {
            throw new SettingsException(List.of("the mapping " + path + " can't be read: " + e.getMessage()));
        }
    }

    /** The rules as they are in the file now. */
    MappingFile again() throws SettingsException {
        return path == null ? this : read(path);
    }

    boolean isBuiltIn() {
        return path == null;
    }

    /** For people. */
    String title() {
        return path == null ? "the built-in mapping" : "the mapping " + path;
    }

    /** For people: how many rules there are for what. */
    String size() {
        int tables = rules.tables().size();
        int events = rules.events();
        return events + (events == 1 ? " rule for " : " rules for ") + tables + (tables == 1 ? " table" : " tables");
    }

    static List<String> lines(List<Mistake> mistakes) {
        return mistakes.stream().map(Mistake::toString).toList();
    }
}
