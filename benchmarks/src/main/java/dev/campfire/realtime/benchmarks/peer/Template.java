package dev.campfire.realtime.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A file of the class path that a server is started with. */
record Template(String name) {

    /** Writes it into the folder, each {@code @KEY@} replaced by its value, and returns the file. */
    Path fill(Path folder, Map<String, String> values) throws IOException {
        String text;
        try (InputStream in = Template.class.getResourceAsStream("/peers/" + name)) {
            if (in == null) {
                throw new IOException("peers/" + name + " is not on the class path");
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve(name), text);
    }
}
