package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.campfire.realtime.support.Tabs;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;

/** The console in a tab, and what a person does with it. */
record ConsolePage(Page page) {

    static String key() {
        return Tokens.ofRole("service_role", Duration.ofHours(1));
    }

    static NewContextOptions desktop() {
        return new NewContextOptions().setViewportSize(1280, 900);
    }

    /** Opened, and signed in. */
    static ConsolePage open(Tabs tabs, String url) {
        return open(tabs, url, desktop());
    }

    static ConsolePage open(Tabs tabs, String url, NewContextOptions options) {
        ConsolePage console = at(tabs, url, options);
        console.signIn(key());
        assertThat(console.link()).hasText("Live");
        return console;
    }

    /** Opened, and not signed in. */
    static ConsolePage at(Tabs tabs, String url, NewContextOptions options) {
        // A service may have no journal that could be read; the console says so.
        tabs.expecting("status of 404 .*api/journal/events");
        return new ConsolePage(tabs.open(url + "/", options));
    }

    void signIn(String key) {
        page.getByLabel("Key of service_role").fill(key);
        page.getByText("Open the console").click();
    }

    Locator keyError() {
        return page.locator("#key-error");
    }

    Locator link() {
        return page.locator("#link");
    }

    Locator trouble() {
        return page.locator("#trouble");
    }

    /** A figure of the top row. */
    Locator tile(String name) {
        return page.locator("[data-value=" + name + "]");
    }

    /** What stands behind a term in one of the lists. */
    Locator value(String list, String term) {
        return page.locator("#" + list + " dt:text-is('" + term + "') + dd");
    }

    boolean scrollsSideways() {
        return (boolean)
                page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }
}
