package dev.campfire.realtime.server;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Says why somebody gets no events: a problem as RFC 9457 has them, which repeats its detail as {@code message}. */
public final class EventsRefusal {

    private EventsRefusal() {}

    /** @param reason a sentence for the caller */
    public static HttpAnswer of(int status, String reason) {
        String title = HttpResponseStatus.valueOf(status).reasonPhrase();
        HttpAnswer answer = ProblemDetails.answer(
                ProblemDetails.of(status, type(status), title, reason).put("message", reason));
        return status == HttpResponseStatus.UNAUTHORIZED.code() ? answer.with("www-authenticate", "Bearer") : answer;
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "malformed-request";
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 429 -> "too-many-requests";
            default -> "unavailable";
        };
    }
}
