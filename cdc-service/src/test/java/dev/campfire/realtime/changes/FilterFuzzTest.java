package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Any text as a filter, any JSON as a binding: read, or refused with a reason, and nothing else. */
final class FilterFuzzTest {

    private final JsonMapper json = new JsonMapper();

    @FuzzTest
    void a_filter_is_read_or_refused(byte[] text) {
        try {
            assertThat(FilterParser.parse(new String(text, StandardCharsets.UTF_8)))
                    .isNotNull();
        } catch (RefusedException e) {
            assertThat(e.reason()).isNotBlank();
        }
    }

    @FuzzTest
    void a_binding_is_read_or_refused(byte[] text) throws IOException {
        JsonNode entry;
        try {
            entry = json.readTree(text);
        } catch (IOException e) {
            return;
        }
        if (!entry.isObject()) {
            return;
        }
        assertThat(BindingIds.idOf(entry)).isPositive();
        try {
            assertThat(BindingParser.parse(entry)).isNotNull();
        } catch (RefusedException e) {
            assertThat(e.reason()).isNotBlank();
        }
    }
}
