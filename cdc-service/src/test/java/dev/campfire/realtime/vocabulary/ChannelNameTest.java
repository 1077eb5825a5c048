package dev.campfire.realtime.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelNameTest {

    static Stream<JsonNode> valid() {
        return vectors().get("valid").valueStream();
    }

    static Stream<String> invalid() {
        return vectors().get("invalid").valueStream().map(JsonNode::asText);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void reads_every_valid_name_into_its_parts(JsonNode vector) {
        ChannelName name =
                Objects.requireNonNull(ChannelName.parse(vector.get("name").asText()));

        assertThat(name.kind().builder()).isEqualTo(vector.get("kind").asText());
        assertThat(name.org()).isEqualTo(vector.path("org").asText(null));
        assertThat(name.id()).isEqualTo(vector.path("id").asText(null));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void builds_every_valid_name_with_the_builder_of_its_kind(JsonNode vector) throws ReflectiveOperationException {
        String[] ids = Stream.of("org", "id")
                .filter(vector::has)
                .map(key -> vector.get(key).asText())
                .toArray(String[]::new);
        Class<?>[] types = new Class<?>[ids.length];
        Arrays.fill(types, String.class);
        Method builder = ChannelName.class.getMethod(vector.get("kind").asText(), types);

        ChannelName built = (ChannelName) builder.invoke(null, (Object[]) ids);

        assertThat(built.text()).isEqualTo(vector.get("name").asText());
        assertThat(ChannelName.parse(built.text())).isEqualTo(built);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void an_alias_stands_for_its_channel_and_every_other_name_for_itself(JsonNode vector) {
        String name = vector.get("name").asText();
        String expected = vector.path("aliasOf").asText(name);

        assertThat(ChannelNames.canonical(name)).isEqualTo(expected);
        assertThat(Objects.requireNonNull(ChannelName.parse(name)).canonical()).isEqualTo(ChannelName.parse(expected));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void every_valid_name_is_protected(JsonNode vector) {
        assertThat(ChannelNames.isProtected(vector.get("name").asText())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refuses_every_invalid_name(String name) {
        assertThat(ChannelNames.isValid(name)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void leaves_every_invalid_name_as_it_is(String name) {
        assertThat(ChannelNames.canonical(name)).isSameAs(name);
    }

    @Test
    void the_vectors_name_every_kind() {
        Set<String> kinds = valid().map(vector -> vector.get("kind").asText()).collect(Collectors.toSet());

        assertThat(EnumSet.allOf(ChannelKind.class))
                .hasSize(21)
                .extracting(ChannelKind::builder)
                .containsExactlyInAnyOrderElementsOf(kinds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org:a\u0000b",
                "org:a\u007f",
                "org: a",
                "org:a ",
                "org:a:conv: b",
                "org:a:conv:b\t",
                "org:a:conv:b\n:typing",
                "org:a:conv:\u00a0b",
                "org:a:conv:\u2028",
                "org:a:conv:\ud83d",
                "org:a:conv:\ude00\ud83d",
                "org:a\r\n:conv:b",
                "org:a:widget:b:typing",
                "org:a:conversations:b"
            })
    void refuses_control_characters_blanks_at_ends_and_broken_unicode(String name) {
        assertThat(ChannelNames.isValid(name)).isFalse();
        assertThat(ChannelNames.canonical(name)).isSameAs(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"org:a b", "org:café:conv:\ud83d\ude00", "org:typing:conv:typing:typing", "org:a:widget:visitor"
            })
    void ids_are_otherwise_opaque(String name) {
        assertThat(ChannelName.parse(name)).isNotNull().hasToString(name);
    }

    @Test
    void a_name_has_at_most_255_bytes_of_utf_8() {
        String longest = "org:" + "a".repeat(251);
        String longestOfTwoBytes = "org:a" + "é".repeat(125);
        String longestOfFourBytes = "org:aaa" + "😀".repeat(62);

        assertThat(longest.length()).isEqualTo(ChannelName.MAX_BYTES);
        assertThat(ChannelNames.isValid(longest)).isTrue();
        assertThat(ChannelNames.isValid(longest + "a")).isFalse();
        assertThat(ChannelNames.isValid(longestOfTwoBytes)).isTrue();
        assertThat(ChannelNames.isValid(longestOfTwoBytes + "a")).isFalse();
        assertThat(ChannelNames.isValid(longestOfFourBytes)).isTrue();
        assertThat(ChannelNames.isValid(longestOfFourBytes + "a")).isFalse();
    }

    @Test
    void a_builder_refuses_malformed_ids() {
        assertThatThrownBy(() -> ChannelName.conversation("a:b", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChannelName.conversation("a", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChannelName.organization("a".repeat(252)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChannelName(ChannelKind.SYSTEM, "a", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChannelName(ChannelKind.METRICS, "a", "b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org", "system", "room", "", "ORG:a", " org:a", "organization:a", "conversation:a"})
    void names_outside_the_standards_spaces_are_not_protected(String name) {
        assertThat(ChannelNames.isProtected(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"org:", "org:a:unknown", "system:", "system:unknown"})
    void invalid_names_in_the_standards_spaces_are_protected(String name) {
        assertThat(ChannelNames.isProtected(name)).isTrue();
    }

    private static JsonNode vectors() {
        try (InputStream file = ChannelNameTest.class.getResourceAsStream("/vectors/channels.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
