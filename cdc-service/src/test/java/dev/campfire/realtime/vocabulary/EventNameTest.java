package dev.campfire.realtime.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventNameTest {

    private record Vector(String group, String constant, String text) {}

    @Test
    void has_exactly_the_events_of_the_vectors() throws IOException {
        assertThat(EventName.values())
                .hasSize(44)
                .extracting(
                        event -> new Vector(event.group().name().toLowerCase(Locale.ROOT), event.name(), event.text()))
                .containsExactlyInAnyOrderElementsOf(vectors());
    }

    @Test
    void finds_every_event_by_its_text() throws IOException {
        assertThat(vectors()).allSatisfy(vector -> assertThat(EventName.find(vector.text()))
                .isEqualTo(EventName.valueOf(vector.constant())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "message",
                "message:",
                "MESSAGE:CREATED",
                "message:created ",
                "message:created:more",
                "INSERT"
            })
    void finds_nothing_else(String text) {
        assertThat(EventName.find(text)).isNull();
    }

    private static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (InputStream file = EventNameTest.class.getResourceAsStream("/vectors/events.json")) {
            new ObjectMapper()
                    .readTree(file).properties().stream()
                            .filter(group -> group.getValue().isObject())
                            .forEach(group -> group.getValue()
                                    .properties()
                                    .forEach(event -> vectors.add(new Vector(
                                            group.getKey(),
                                            event.getKey(),
                                            event.getValue().asText()))));
        }
        return vectors;
    }
}
