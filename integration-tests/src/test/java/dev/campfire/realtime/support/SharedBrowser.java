package dev.campfire.realtime.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands each test {@link Tabs} of its own in the one Chromium that all of them share, started when the first asks. Where no
 * browser is installed the tests are skipped, loudly; on a CI (the variable {@code CI} is set) they fail instead.
 */
public final class SharedBrowser implements ParameterResolver, ExecutionCondition, AfterTestExecutionCallback {

    private static final Namespace NAMESPACE = Namespace.create(SharedBrowser.class);

    /** For conditions: a loaded machine may take long to draw. */
    private static final double PATIENCE_MILLIS = 30_000;

    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (InstalledBrowser.find().isPresent() || System.getenv("CI") != null) {
            return ConditionEvaluationResult.enabled("");
        }
        String reason = "NO BROWSER: " + context.getDisplayName()
                + " is skipped. Install Chromium (Debian: apt-get install chromium) to run it";
        System.out.println("[integration tests] " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    /** A test's instance is made anew for each test, and so are its tabs. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Tabs.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, type -> new Running(), Running.class);
        String name = context.getRequiredTestClass().getSimpleName() + "."
                + context.getTestMethod().map(java.lang.reflect.Method::getName).orElse("all");
        return store(context).computeIfAbsent(Tabs.class, type -> new Tabs(running.browser, name), Tabs.class);
    }

    /** A page that failed fails its test; of every test that fails, the tabs are photographed. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        Tabs tabs = store(context).get(Tabs.class, Tabs.class);
        if (tabs == null) {
            return;
        }
        AssertionError defect = tabs.defect();
        if (defect != null || context.getExecutionException().isPresent()) {
            tabs.photograph();
        }
        if (defect != null) {
            context.getExecutionException().ifPresent(defect::addSuppressed);
            throw defect;
        }
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    /** Playwright and the browser that it drives. The store closes it after the last test. */
    private static final class Running implements AutoCloseable {

        private final Playwright playwright;
        private final Browser browser;

        Running() {
            Path program = InstalledBrowser.find()
                    .orElseThrow(() ->
                            new IllegalStateException("no browser is installed: .ci/run installs Debian's chromium"));
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new LaunchOptions()
                            .setExecutablePath(program)
                            .setHeadless(true)
                            .setArgs(FLAGS));
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
            System.out.println("[integration tests] Browser: " + program + ", version " + browser.version());
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }
}
