package dev.campfire.realtime.server;

import dev.campfire.realtime.phoenix.ChannelReader;
import dev.campfire.realtime.phoenix.ChannelReader.From;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a channel's events asks for.
 *
 * @param token null when it brings none
 * @param after the id of the last event that the client has; null when it says nothing of that
 * @param isFromEnd whether it wants to begin behind everything
 * @param limit how many events at most
 */
public record EventsQuery(
        String channel,
        Format format,
        @Nullable String token,
        boolean isPrivate,
        @Nullable String after,
        boolean isFromEnd,
        int limit) {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST = 1000;
    private static final int LONGEST_ID = 64;
    private static final String LATEST = "latest";
    private static final String BEARER = "bearer ";

    /** In which form events are told. */
    public enum Format {
        JSON("application/json"),
        NDJSON("application/x-ndjson"),
        SSE("text/event-stream");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        /** The media type that asks for it, and that its answers have. */
        public String mediaType() {
            return mediaType;
        }
    }

    /** Says what is wrong with a request, in a sentence for its author. */
    public static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads a request.
     *
     * @throws MalformedException when a parameter is not one of those that there are
     */
    public static EventsQuery of(String channel, Map<String, List<String>> query, HttpHeaders headers)
            throws MalformedException {
        Format format = format(query, headers);
        String after = after(format, query, headers);
        return new EventsQuery(
                channel,
                format,
                token(query, headers),
                isPrivate(query),
                LATEST.equals(after) ? null : after,
                LATEST.equals(after),
                limit(query));
    }

    /** The form that is asked for, by the parameter first: not every client can set a header. */
    static Format format(Map<String, List<String>> query, HttpHeaders headers) throws MalformedException {
        String named = first(query, "format");
        if (named != null) {
            return switch (named) {
                case "json" -> Format.JSON;
                case "ndjson" -> Format.NDJSON;
                case "sse" -> Format.SSE;
                default -> throw new MalformedException("format must be json, ndjson or sse");
            };
        }
        for (String accept : headers.getAll("accept")) {
            for (String type : accept.split(",")) {
                Optional<Format> format = ofMediaType(type);
                if (format.isPresent()) {
                    return format.get();
                }
            }
        }
        return Format.JSON;
    }

    private static Optional<Format> ofMediaType(String type) {
        String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        for (Format format : Format.values()) {
            if (format.mediaType.equals(bare)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** A client that comes again says with the same address where it has got to, so that goes before the address. */
    private static @Nullable String after(Format format, Map<String, List<String>> query, HttpHeaders headers)
            throws MalformedException {
        String after = first(query, "after");
        if (format == Format.SSE) {
            String last = headers.get("last-event-id", first(query, "lastEventId"));
            after = last == null || last.isEmpty() ? after : last;
        }
        if (after == null) {
            return null;
        }
        if (after.isEmpty()) {
            throw new MalformedException("after must be the id of an event, or latest");
        }
        // What is too long is the id of nothing; it is looked for all the same, and not found.
        return after.length() <= LONGEST_ID ? after : after.substring(0, LONGEST_ID);
    }

    private static boolean isPrivate(Map<String, List<String>> query) throws MalformedException {
        String value = first(query, "private");
        return switch (value == null ? "true" : value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new MalformedException("private must be true or false");
        };
    }

    private static int limit(Map<String, List<String>> query) throws MalformedException {
        String value = first(query, "limit");
        if (value == null) {
            return DEFAULT_LIMIT;
        }
        boolean isNumber =
                !value.isEmpty() && value.length() <= 4 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int limit = isNumber ? Integer.parseInt(value) : 0;
        if (limit < 1 || limit > MOST) {
            throw new MalformedException("limit must be a number from 1 to " + MOST);
        }
        return limit;
    }

    /** Where a gateway adds its key to the user's token, the user's counts. */
    private static @Nullable String token(Map<String, List<String>> query, HttpHeaders headers) {
        String authorization = headers.get("authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        for (String name : List.of("token", "access_token")) {
            String token = first(query, name);
            if (token != null) {
                return token;
            }
        }
        String key = headers.get("apikey", headers.get("x-api-key"));
        return key == null ? first(query, "apikey") : key;
    }

    private static @Nullable String first(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** Where reading of the past begins. */
    public From from() {
        if (isFromEnd) {
            return new From.Latest();
        }
        return after == null ? new From.Oldest() : new From.After(after);
    }

    /** The same as a question to the journal. */
    public ChannelReader.Request request(String knownToken, HttpHeaders headers) {
        return new ChannelReader.Request(channel, isPrivate, knownToken, ForwardedHeaders.json(headers), from(), limit);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "EventsQuery[channel=" + channel + ", format=" + format + "]";
    }
}
