package dev.campfire.realtime.phoenix;

import java.util.Map;

/**
 * Why somebody gets nothing of a channel over HTTP.
 *
 * @param status the status that says so
 * @param reason what a join would have been told
 */
public record Refusal(int status, String reason) {

    private static final int UNAVAILABLE = 503;

    /** By the codes that reasons begin with. What is not among them is the server's trouble, and may be tried again. */
    private static final Map<String, Integer> STATUSES = Map.ofEntries(
            Map.entry("MalformedJWT", 401),
            Map.entry("JwtSignatureError", 401),
            Map.entry("JwtSignerError", 401),
            Map.entry("InvalidJWTToken", 401),
            Map.entry("Unauthorized", 403),
            Map.entry("PrivateOnly", 403),
            Map.entry("RealtimeDisabledForTenant", 403),
            Map.entry("TopicNameRequired", 400),
            Map.entry("TopicNameTooLong", 400),
            Map.entry("ChannelNameNotStandard", 400),
            Map.entry("InvalidThrottle", 400),
            Map.entry("ConnectionRateLimitReached", 429),
            Map.entry("ClientJoinRateLimitReached", 429),
            Map.entry("ChannelRateLimitReached", 429),
            Map.entry("IncreaseConnectionPool", 429));

    /** The refusal of a join for this reason. */
    static Refusal of(String reason) {
        int colon = reason.indexOf(':');
        String code = colon < 0 ? reason : reason.substring(0, colon);
        return new Refusal(STATUSES.getOrDefault(code, UNAVAILABLE), reason);
    }
}
