package dev.campfire.realtime.replay.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.replay.LostException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a running service, as the bearer of a token, for what is told of its journal. The token is said to nobody else. */
final class ServerCalls implements AutoCloseable {

    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final int LONGEST_REFUSAL = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECTING)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /** @param server its address, without a path or with the one that a gateway gives it */
    ServerCalls(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /** The server can't answer now; it may be able to later. */
    static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1;

        UnavailableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The lines that an address answers with; to be closed. */
    InputStream get(String path) throws IOException, InterruptedException, LostException {
        return send(request(path).GET().build());
    }

    /** The same, for a body that is posted. */
    InputStream post(String path, String json) throws IOException, InterruptedException, LostException {
        return send(request(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    /** A JSON object. */
    JsonNode object(String path) throws IOException, InterruptedException {
        try (InputStream answer = get(path)) {
            return JSON.readTree(answer);
        } catch (LostException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        String base = server.toString();
        String address = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
        return HttpRequest.newBuilder(URI.create(address)).header("authorization", "Bearer " + token);
    }

    private InputStream send(HttpRequest request) throws IOException, InterruptedException, LostException {
        HttpResponse<InputStream> answer;
        try {
            answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new UnavailableException(
                    "Nothing listens at " + server + ". Say with --url where the service is.", e);
        } catch (IOException e) {
            throw new UnavailableException(server + " does not answer: " + e.getMessage(), e);
        }
        if (answer.statusCode() == 200) {
            return answer.body();
        }
        try (InputStream body = answer.body()) {
            throw refused(answer.statusCode(), body.readNBytes(LONGEST_REFUSAL));
        }
    }

    private IOException refused(int status, byte[] body) throws LostException {
        JsonNode problem = JSON.missingNode();
        try {
            problem = JSON.readTree(body);
        } catch (IOException e) {
            // Whatever it is, it is not ours to tell.
        }
        String detail = problem == null ? "" : problem.path("detail").asText("");
        return switch (status) {
            case 410 -> {
                JsonNode oldest = problem == null ? JSON.missingNode() : problem.path("oldest");
                throw new LostException(detail, null, oldest.isTextual() ? oldest.textValue() : null);
            }
            case 401, 403 ->
                new IOException(server + " refused the token (" + status + "): " + detail
                        + ". It has to be one of service_role:  campfire token --role service_role");
            case 404 ->
                new IOException(server + " knows no journal: is it Campfire Realtime, and a version that has one?");
            case 429, 502, 503, 504 -> new UnavailableException(server + " answered " + status + ": " + detail, null);
            default -> new IOException(server + " answered " + status + (detail.isEmpty() ? "" : ": " + detail));
        };
    }

    /** What to say of it. */
    String name() {
        return server.toString();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
