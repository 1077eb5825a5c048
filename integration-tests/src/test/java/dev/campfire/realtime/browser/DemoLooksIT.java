package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.campfire.realtime.browser.DemoSide.word;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.campfire.realtime.support.Demo;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.SharedDemo;
import dev.campfire.realtime.support.Tabs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo page for everybody: on a phone, in the dark, without a mouse, and when something is to be looked up. */
@ExtendWith({SharedDemo.class, SharedBrowser.class})
class DemoLooksIT {

    private final Tabs tabs;
    private final Demo demo;

    DemoLooksIT(Tabs tabs, Demo demo) {
        this.tabs = tabs;
        this.demo = demo;
    }

    private Page open() {
        return open(new NewContextOptions().setViewportSize(1280, 900));
    }

    private Page open(NewContextOptions options) {
        return DemoSide.openBoth(tabs, demo.url(), options);
    }

    @Test
    void what_the_api_refuses_is_said_beside_the_message() {
        tabs.expecting("422");
        Page page = open();
        DemoSide widget = DemoSide.widget(page);
        String text = "x".repeat(4001);

        page.evaluate("() => document.querySelector('#widget textarea').removeAttribute('maxlength')");
        widget.write(text);

        assertThat(widget.all().locator(".problem")).containsText("content must have at most 4000 characters");
    }

    @Test
    void a_line_of_the_log_opens_to_what_came() {
        Page page = open();
        String text = word();
        DemoSide.widget(page).write(text);
        DemoSide.dashboard(page).awaitMessage(text);
        page.locator("[name=filter]").fill("message:created");

        Locator entry = page.locator(".entry:visible").first();
        assertThat(entry).containsText("seq ");
        entry.locator("summary").press("Enter");

        assertThat(entry.locator("pre")).containsText(text);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void on_a_phone_everything_is_within_its_width(ColorScheme scheme) {
        Page page = open(new NewContextOptions().setViewportSize(360, 740).setColorScheme(scheme));
        String text = word();

        DemoSide.widget(page).write(text);
        DemoSide.dashboard(page).awaitMessage(text);

        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(360);
        Tabs.photograph(page, "demo-phone-" + scheme);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void every_text_stands_out_from_its_ground(ColorScheme scheme) {
        Page page = open(new NewContextOptions().setViewportSize(1280, 900).setColorScheme(scheme));
        String text = word();
        DemoSide.widget(page).write(text);
        DemoSide.widget(page).awaitStatus(text, "read");
        Tabs.photograph(page, "demo-" + scheme);

        assertThat(page.evaluate(CONTRASTS)).isEqualTo(List.of());
    }

    /** Texts whose contrast is below 4.5, as WCAG counts it. */
    private static final String CONTRASTS = """
            () => {
              const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const rgb = (color) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = color;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
              };
              const light = ([r, g, b]) => {
                const part = (c) => ((c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
              };
              const ground = (node) => {
                for (let e = node; e; e = e.parentElement) {
                  const color = rgb(getComputedStyle(e).backgroundColor);
                  if (color[3] === 255) return color;
                }
                return [255, 255, 255, 255];
              };
              const poor = [];
              for (const e of document.querySelectorAll('body *')) {
                const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '');
                if (!own || !e.checkVisibility() || e.closest('.hidden')) continue;
                const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
                const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (contrast < 4.5) poor.push(`${e.className} "${e.textContent.slice(0, 20)}": ${contrast.toFixed(2)}`);
              }
              return poor;
            }""";

    @Test
    void everything_can_be_reached_and_is_named_without_a_mouse() {
        Page page = open();

        assertThat(page.evaluate("""
                () => [...document.querySelectorAll('button, input, select, textarea, a, summary')]
                  .filter((e) => e.checkVisibility())
                  .filter((e) => !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-label')))
                  .map((e) => e.outerHTML)""")).isEqualTo(List.of());
        page.locator("[name=widget-network][value=online]").focus();
        page.keyboard().press("ArrowRight");
        assertThat(DemoSide.widget(page).all().locator(".state")).hasText("Fallback · event stream");
    }
}
