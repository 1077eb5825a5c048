package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.Tabs;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every page. */
@ExtendWith({SharedBackend.class, SharedBrowser.class})
class PagesIT {

    private final String url;
    private final Tabs tabs;

    PagesIT(Backend backend, Tabs tabs) {
        this.url = backend.service().url();
        this.tabs = tabs;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/demo"})
    void opens_without_an_error_and_without_another_host(String path) {
        Page page = tabs.open(url + path);

        assertThat(page).hasTitle(Pattern.compile("Campfire Realtime"));
    }

    @Test
    void runs_no_script_that_somebody_wrote_into_it() {
        tabs.expecting("Content Security Policy");
        Page page = tabs.open(url + "/");

        page.evaluate("""
                () => {
                  const script = document.createElement('script');
                  script.textContent = 'window.hasRun = true';
                  document.body.append(script);
                }""");

        assertThat(page.evaluate("() => window.hasRun === undefined")).isEqualTo(true);
    }

    @Test
    void talks_to_no_other_host() {
        tabs.expecting("Content Security Policy|Fetch API cannot load");
        Page page = tabs.open(url + "/");

        assertThat(catchThrowable(() -> page.evaluate("() => fetch('http://127.0.0.1:9/')")))
                .isInstanceOf(PlaywrightException.class)
                .hasMessageContaining("Failed to fetch");
    }
}
