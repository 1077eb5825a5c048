package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON as far as the protocol needs: where values begin and end, so that payloads can be passed on byte by byte.
 * Safe for use by several threads.
 */
final class JsonReader {

    private final JsonFactory factory;
    private final JsonMapper mapper;

    /**
     * @param maxDepth how deeply arrays and objects may be nested
     */
    JsonReader(int maxDepth) {
        this.factory = new JsonFactoryBuilder()
                // Names come from clients: they must not fill a table that the whole process shares.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .build())
                .build();
        this.mapper = new JsonMapper(factory);
    }

    /** What reads one document; any {@link IOException} of the parser means that it is not JSON. */
    interface Reading<T> {
        T read(JsonParser parser) throws IOException, MalformedMessageException;
    }

    /** Reads a whole document: behind what the reading took there must be nothing more. */
    <T> T read(byte[] json, Reading<T> reading) throws MalformedMessageException {
        if (!Utf8.isValid(json)) {
            throw new MalformedMessageException(Oddity.NOT_UTF8);
        }
        if (looksLikeAnotherEncoding(json)) {
            throw new MalformedMessageException(Oddity.NOT_JSON);
        }
        try (JsonParser parser = factory.createParser(json)) {
            T result = reading.read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedMessageException(Oddity.NOT_JSON);
            }
            return result;
        } catch (IOException e) {
            throw new MalformedMessageException(Oddity.NOT_JSON);
        }
    }

    /** The parser takes a zero byte, or a mark in front, for another encoding of Unicode; in UTF-8 neither is JSON. */
    private static boolean looksLikeAnotherEncoding(byte[] json) {
        for (int i = 0; i < Math.min(4, json.length); i++) {
            if (json[i] == 0) {
                return true;
            }
        }
        return json.length > 0 && (json[0] & 0xFF) >= 0xEF;
    }

    /** Checks that the bytes are one JSON value. */
    void check(byte[] json) throws MalformedMessageException {
        read(json, parser -> {
            if (parser.nextToken() == null) {
                throw new MalformedMessageException(Oddity.NOT_JSON);
            }
            finish(parser);
            return json;
        });
    }

    /** The tree of a payload that has been read before. */
    JsonNode tree(byte[] json) throws MalformedMessageException {
        try {
            return mapper.readTree(json);
        } catch (IOException e) {
            throw new MalformedMessageException(Oddity.NOT_JSON);
        }
    }

    /** The text of the value that the parser's current token begins; afterwards the token is the one that ends it. */
    static byte[] text(JsonParser parser, byte[] json) throws IOException {
        int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        finish(parser);
        int end = Math.toIntExact(parser.currentLocation().getByteOffset());
        return Arrays.copyOfRange(json, start, end);
    }

    /** Reads the current value to its end. */
    static void finish(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
    }

    static String string(JsonParser parser) throws IOException, MalformedMessageException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new MalformedMessageException(Oddity.BAD_FIELD);
        }
        String text = parser.getText();
        if (hasHalfPair(text)) {
            throw new MalformedMessageException(Oddity.BAD_FIELD);
        }
        return text;
    }

    /** JSON can escape half a surrogate pair, but names go on as UTF-8, which has no form for that. */
    private static boolean hasHalfPair(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    static Ref ref(JsonParser parser, byte[] json) throws IOException, MalformedMessageException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Ref.NONE;
        }
        if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
            throw new MalformedMessageException(Oddity.BAD_FIELD);
        }
        return new Ref(new String(text(parser, json), StandardCharsets.UTF_8));
    }
}
