package dev.campfire.realtime.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Settings from a YAML file: one map of the environment's names to values. The environment itself wins over it. */
final class ConfigFile {

    private ConfigFile() {}

    /**
     * The environment, with the file's values for what it does not set.
     *
     * @param file null for none
     */
    static Map<String, String> under(Map<String, String> environment, @Nullable Path file) throws SettingsException {
        if (file == null) {
            return environment;
        }
        Map<String, String> values = new HashMap<>(read(file));
        environment.forEach((name, value) -> {
            if (!value.isBlank()) {
                values.put(name, value);
            }
        });
        return values;
    }

    private static Map<String, String> read(Path file) throws SettingsException {
        Object content;
        try (InputStream in = Files.newInputStream(file)) {
            content = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromInputStream(in);
        } catch (IOException e) {
            throw new SettingsException(List.of("--config " + file + " can't be read: " + e.getMessage()));
        } catch (YamlEngineException e) {
            throw new SettingsException(List.of("--config " + file + " is not YAML: " + e.getMessage()));
        }
        if (!(content instanceof Map<?, ?> map)) {
            throw new SettingsException(List.of("--config " + file + " must be a map such as  PORT: 4000"));
        }
        Map<String, String> values = new HashMap<>();
        map.forEach((name, value) -> values.put(String.valueOf(name), value == null ? "" : String.valueOf(value)));
        return values;
    }
}
