package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The name of the event in a broadcast's object. */
final class BroadcastName {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private BroadcastName() {}

    /** The {@code event} of an object; the last one counts, as for those who read it. Null when it names none. */
    static @Nullable String of(byte[] broadcast) {
        String name = null;
        try (JsonParser parser = JSON.createParser(broadcast)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isName = parser.currentName().equals("event");
                if (parser.nextToken() == JsonToken.VALUE_STRING && isName) {
                    name = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            return name;
        } catch (IOException e) {
            return name;
        }
    }
}
