package dev.campfire.realtime.server.pages;

import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * {@code GET /}, {@code GET /demo} and {@code GET /demo/session}, and {@code GET /assets/:folder/:file} for what these are made of. Only the folders
 * listed here are served, and of them only files of a kind that {@link PageFile} knows. Safe for use by several threads.
 */
public final class Pages {

    /** No slash, no dot in front: a name never leads out of its folder. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,32}){1,4}");

    /** Where on the class path the folders under {@code /assets} are. */
    private static final Map<String, String> FOLDERS = Map.of(
            "console", "/pages/console/",
            "demo", "/pages/demo/",
            "shared", "/pages/shared/",
            "supabase-js", "/pages/supabase-js/",
            "uplot", "/META-INF/resources/webjars/uplot/1.6.30/dist/");

    /** What was found, by its place on the class path; what is not there is not remembered. */
    private final Map<String, PageFile> files = new ConcurrentHashMap<>();

    private final HttpEndpoint session;

    /** Pages whose demo is given no tokens: it says so, and what to do. */
    public Pages() {
        this(call -> CompletableFuture.completedFuture(HttpAnswer.empty(204)));
    }

    /** @param session hands out who plays in the demo, with tokens */
    public Pages(HttpEndpoint session) {
        this.session = session;
    }

    /** Adds all routes. */
    public void addTo(Routes.Builder routes) {
        routes.get("/", page("/pages/console/index.html"))
                .get("/demo", page("/pages/demo/index.html"))
                .get("/demo/session", session)
                .get("/assets/:folder/:file", this::asset);
    }

    private HttpEndpoint page(String place) {
        return call -> answer(call, place);
    }

    private CompletionStage<HttpAnswer> asset(HttpCall call) {
        String folder = FOLDERS.get(call.pathParameters().getOrDefault("folder", ""));
        String name = call.pathParameters().getOrDefault("file", "");
        return folder == null || !FILE_NAME.matcher(name).matches()
                ? CompletableFuture.completedFuture(notFound())
                : answer(call, folder + name);
    }

    private CompletionStage<HttpAnswer> answer(HttpCall call, String place) {
        PageFile known = files.get(place);
        if (known != null) {
            return CompletableFuture.completedFuture(known.answer(call.headers()));
        }
        // Reading from a jar is not for an event loop.
        return CompletableFuture.supplyAsync(() -> {
            Optional<PageFile> read = PageFile.read(place);
            read.ifPresent(file -> files.put(place, file));
            return read.map(file -> file.answer(call.headers())).orElseGet(Pages::notFound);
        });
    }

    private static HttpAnswer notFound() {
        return HttpAnswer.error(404, "Not found");
    }
}
