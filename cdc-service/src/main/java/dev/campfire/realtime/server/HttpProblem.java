package dev.campfire.realtime.server;

import java.util.regex.Pattern;

/**
 * What is answered when it is known what was asked for and it does not come to an endpoint, or when that fails. Under {@code /api} it is a problem as RFC 9457
 * has them; everywhere else a JSON object with the one field {@code error}, which is what Supabase's clients know.
 */
enum HttpProblem {
    MALFORMED(400, "malformed-request", "Malformed request"),
    MALFORMED_URL(400, "malformed-request", "Malformed URL"),
    NOT_FOUND(404, "not-found", "Not found"),
    WRONG_METHOD(405, "method-not-allowed", "Method not allowed"),
    TOO_LARGE(413, "too-large", "Request entity too large"),
    EXPECTATION(417, "expectation-failed", "Expectation failed"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "Request header fields too large"),
    FAILED(500, "internal-error", "Internal error"),
    NOT_IN_TIME(503, "not-answered-in-time", "Not answered in time");

    /** With a gateway or without one. */
    private static final Pattern API = Pattern.compile("/+(?:realtime/+v1/+)?api(?:[/?#].*)?", Pattern.DOTALL);

    private final int status;
    private final String type;
    private final String error;

    HttpProblem(int status, String type, String error) {
        this.status = status;
        this.type = type;
        this.error = error;
    }

    /** Whether what was asked for is under {@code /api}. */
    static boolean isApi(String uri) {
        return API.matcher(uri).matches();
    }

    /** @param uri what was asked for */
    HttpAnswer answer(String uri) {
        if (!isApi(uri)) {
            return HttpAnswer.error(status, error);
        }
        return ProblemDetails.answer(ProblemDetails.of(status, type, error, detail()));
    }

    private String detail() {
        return switch (this) {
            case MALFORMED -> "This is no request of HTTP.";
            case MALFORMED_URL -> "The path or the query has an escape that stands for nothing.";
            case NOT_FOUND -> "There is nothing at this path. GET /api/openapi says what there is.";
            case WRONG_METHOD -> "There is something at this path, for the methods that the header Allow names.";
            case TOO_LARGE -> "The body is larger than the service takes.";
            case EXPECTATION -> "The service can't do what the header Expect wants.";
            case HEADERS_TOO_LARGE -> "A header, or all of them, is longer than the service takes.";
            case FAILED -> "This should not have happened. The service's log says more.";
            case NOT_IN_TIME ->
                "It may have been done nevertheless. Look before you try again, or use an idempotency key.";
        };
    }
}
