package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.campfire.realtime.support.Tabs;
import java.util.List;
import java.util.UUID;

/** One side of the demo page as somebody sees it who looks at it. */
record DemoSide(Page page, Locator all) {

    /** The page in a tab, once both of its sides are live. */
    static Page openBoth(Tabs tabs, String url) {
        return openBoth(tabs, url, new NewContextOptions().setViewportSize(1280, 900));
    }

    static Page openBoth(Tabs tabs, String url, NewContextOptions options) {
        Page page = tabs.open(url, options);
        widget(page).awaitState("live");
        dashboard(page).awaitState("live");
        return page;
    }

    static DemoSide widget(Page page) {
        return new DemoSide(page, page.locator("#widget"));
    }

    static DemoSide dashboard(Page page) {
        return new DemoSide(page, page.locator("#dashboard"));
    }

    /** Something that no other test writes. */
    static String word() {
        return "w" + UUID.randomUUID().toString().substring(0, 6);
    }

    DemoSide awaitState(String state) {
        assertThat(all.locator(".state")).hasAttribute("data-state", state);
        return this;
    }

    void write(String text) {
        all.locator("textarea").fill(text);
        all.locator("textarea").press("Enter");
    }

    void type(String text) {
        all.locator("textarea").pressSequentially(text);
    }

    void setNetwork(String label) {
        all.locator(".network label")
                .filter(new Locator.FilterOptions().setHasText(label))
                .click();
    }

    Locator message(String text) {
        return all.locator(".message")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByText(text, new Page.GetByTextOptions().setExact(true))));
    }

    void awaitMessage(String text) {
        assertThat(message(text)).hasCount(1);
    }

    void awaitStatus(String text, String status) {
        assertThat(message(text)).hasAttribute("data-status", status);
    }

    /** What stands in the messages with this word in them, in order. */
    List<String> contents(String word) {
        return all.locator(".message .content").allTextContents().stream()
                .filter(text -> text.contains(word))
                .toList();
    }

    Locator typing() {
        return all.locator(".typing");
    }

    Locator conversation(String visitor) {
        return all.locator(".conversations button").filter(new Locator.FilterOptions().setHasText(visitor));
    }
}
