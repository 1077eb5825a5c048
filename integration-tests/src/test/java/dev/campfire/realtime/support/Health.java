package dev.campfire.realtime.support;

/**
 * An answer of {@code GET /healthcheck}.
 *
 * @param status the HTTP status, or 0 when nobody answered
 * @param body the answer's text
 */
public record Health(int status, String body) {

    static final Health NO_ANSWER = new Health(0, "");

    public boolean good() {
        return status == 200;
    }
}
