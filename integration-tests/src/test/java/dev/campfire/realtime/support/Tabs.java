package dev.campfire.realtime.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.TimeoutError;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tabs of one test. Each is a person of its own: tabs share no storage. What a page throws, logs as an error or asks of
 * another host fails the test, unless it was expected.
 */
public final class Tabs implements AutoCloseable {

    private static final double PATIENCE_MILLIS = 30_000;

    private final Browser browser;
    private final String test;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();

    /** @param test its name, for photographs */
    Tabs(Browser browser, String test) {
        this.browser = browser;
        this.test = test;
    }

    /** A new tab on a desktop, at this address. */
    public Page open(String url) {
        return open(url, new NewContextOptions().setViewportSize(1280, 800));
    }

    /** A new tab of a certain size, colour scheme and so on, at this address. */
    public Page open(String url, NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        contexts.add(context);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        String home = URI.create(url).getAuthority();
        page.onPageError(error -> errors.add("thrown: " + error));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add("logged: " + message.text() + " (" + message.location() + ")");
            }
        });
        page.onRequest(request -> {
            URI asked = URI.create(request.url());
            if (asked.getAuthority() != null && !asked.getAuthority().equals(home)) {
                errors.add("asked another host: " + request.url());
            }
        });
        Set<String> unanswered = ConcurrentHashMap.newKeySet();
        page.onRequest(request -> unanswered.add(request.url()));
        page.onRequestFinished(request -> unanswered.remove(request.url()));
        page.onRequestFailed(request -> unanswered.remove(request.url()));
        try {
            page.navigate(url);
        } catch (TimeoutError e) {
            throw new AssertionError(url + " did not load; without an answer are " + unanswered, e);
        }
        return page;
    }

    /** From now on, errors in which this is found are as they should be: a browser logs every answer of 400 and above. */
    public Tabs expecting(String regex) {
        expected.add(Pattern.compile(regex));
        return this;
    }

    /** Photographs a page for those who want to look at it, whole, into {@code target/screenshots}. */
    public static Path photograph(Page page, String name) {
        Path file = Repository.output("screenshots").resolve(name + ".png");
        page.screenshot(new ScreenshotOptions().setPath(file).setFullPage(true));
        return file;
    }

    void photograph() {
        int number = 0;
        for (BrowserContext context : contexts) {
            for (Page page : context.pages()) {
                System.out.println("[integration tests] " + photograph(page, test + "-" + ++number));
            }
        }
    }

    /** What the pages did wrong; null when nothing. */
    @Nullable
    AssertionError defect() {
        List<String> unexpected = errors.stream()
                .filter(error -> expected.stream()
                        .noneMatch(regex -> regex.matcher(error).find()))
                .toList();
        return unexpected.isEmpty() ? null : new AssertionError("the page failed: " + String.join("\n", unexpected));
    }

    @Override
    public void close() {
        contexts.forEach(BrowserContext::close);
    }
}
