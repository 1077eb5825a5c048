package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.FreePort;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.Tabs;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@code ./campfire demo}, used as a newcomer would: both sides of a conversation through real browsers. */
@ExtendWith(SharedBrowser.class)
class DemoPageIT {

    @TempDir
    private static Path data;

    private static int port;
    private static Launcher demo;
    private static String url;

    /** Fifty messages one after the other take their time where everything else runs as well. */
    private static final HasCountOptions LONG = new HasCountOptions().setTimeout(120_000);

    private final Tabs tabs;

    DemoPageIT(Tabs tabs) {
        this.tabs = tabs;
    }

    /** It unpacks a Postgres first, which takes long enough for somebody else to take the port that was free. */
    @BeforeAll
    static void startDemo() {
        for (int attempt = 1; ; attempt++) {
            port = FreePort.choose();
            demo = Launcher.run(
                    "demo", "--port", "" + port, "--pg-port", "" + FreePort.choose(), "--data", data.toString());
            try {
                demo.awaitLine("Ctrl-C ends both");
                break;
            } catch (RuntimeException e) {
                demo.close();
                if (attempt == 3) {
                    throw e;
                }
            }
        }
        url = "http://localhost:" + port + "/demo";
        assertThat(demo.lines()).anyMatch(line -> line.contains("Demo page") && line.contains(url));
    }

    @AfterAll
    static void endDemo() {
        demo.terminate();
    }

    /** One side as somebody sees it who looks at the page. */
    private record Side(Page page, Locator all) {

        static Side widget(Page page) {
            return new Side(page, page.locator("#widget"));
        }

        static Side dashboard(Page page) {
            return new Side(page, page.locator("#dashboard"));
        }

        Side awaitState(String state) {
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

    private Page open() {
        return open(new NewContextOptions().setViewportSize(1280, 900));
    }

    private Page open(NewContextOptions options) {
        Page page = tabs.open(url, options);
        Side.widget(page).awaitState("live");
        Side.dashboard(page).awaitState("live");
        return page;
    }

    /** Something that no other test writes. */
    private static String word() {
        return "w" + UUID.randomUUID().toString().substring(0, 6);
    }

    @Test
    void a_message_of_either_side_is_seen_on_the_other_and_its_ticks_tell() {
        Page page = open();
        Side widget = Side.widget(page);
        Side dashboard = Side.dashboard(page);
        String question = word() + " question";
        String answer = word() + " answer";

        widget.write(question);
        dashboard.awaitMessage(question);
        dashboard.write(answer);
        widget.awaitMessage(answer);

        widget.awaitStatus(question, "read");
        dashboard.awaitStatus(answer, "read");
    }

    @Test
    void what_is_written_to_a_conversation_that_is_not_open_is_delivered_and_read_when_it_is_opened() {
        Page page = open();
        Side widget = Side.widget(page);
        Side dashboard = Side.dashboard(page);
        String text = word();
        dashboard.conversation("Ben Buyer").click();

        widget.write(text);

        widget.awaitStatus(text, "delivered");
        assertThat(dashboard.conversation("Ada Visitor")).containsText(text);
        assertThat(dashboard.conversation("Ada Visitor").locator(".unread")).hasText("1");
        dashboard.conversation("Ada Visitor").click();
        widget.awaitStatus(text, "read");
        assertThat(dashboard.conversation("Ada Visitor").locator(".unread")).isEmpty();
    }

    @Test
    void who_types_is_seen_typing_on_the_other_side_until_they_send() {
        Page page = open();
        Side widget = Side.widget(page);
        Side dashboard = Side.dashboard(page);

        widget.type("Hmm, well");
        assertThat(dashboard.typing()).containsText("Ada Visitor is typing");
        assertThat(dashboard.typing()).containsText("“Hmm, well”");
        widget.all().locator("textarea").press("Enter");
        assertThat(dashboard.typing()).not().containsText("typing");

        dashboard.type("Well");
        assertThat(widget.typing()).containsText("Jam is typing");
        dashboard.all().locator("textarea").fill("");
        assertThat(widget.typing()).not().containsText("typing");
    }

    @Test
    void each_side_sees_whether_the_other_is_there() {
        Page page = open();
        Side widget = Side.widget(page);
        Side dashboard = Side.dashboard(page);
        Locator visitor = dashboard.conversation("Ada Visitor").locator(".dot");
        assertThat(visitor).hasAttribute("aria-label", "here");
        assertThat(widget.all().locator(".present")).hasText("Jam is here");

        page.locator("[name=status]").selectOption("busy");
        assertThat(widget.all().locator(".present")).hasText("Jam (busy) is here");
        widget.setNetwork("Offline");
        assertThat(visitor).hasAttribute("aria-label", "away");
        widget.setNetwork("Online");
        assertThat(visitor).hasAttribute("aria-label", "here");
    }

    @Test
    void what_was_written_and_missed_offline_is_there_once_and_in_order_when_the_network_is_back() {
        Page page = open();
        Side widget = Side.widget(page);
        Side dashboard = Side.dashboard(page);
        String word = word();
        widget.write(word + " 0");
        dashboard.awaitMessage(word + " 0");

        widget.setNetwork("Offline");
        widget.awaitState("offline");
        widget.write(word + " queued 1");
        widget.write(word + " queued 2");
        widget.awaitStatus(word + " queued 2", "queued");
        assertThat(widget.all().locator(".state")).containsText("2 queued");
        dashboard.write(word + " missed");
        dashboard.awaitMessage(word + " missed");
        assertThat(widget.message(word + " missed")).hasCount(0);
        widget.setNetwork("Online");

        widget.awaitState("live");
        List<String> expected = List.of(word + " 0", word + " missed", word + " queued 1", word + " queued 2");
        dashboard.awaitMessage(word + " queued 2");
        widget.awaitStatus(word + " queued 2", "read");
        assertThat(widget.contents(word)).isEqualTo(expected);
        assertThat(dashboard.contents(word)).isEqualTo(expected);
        assertThat(page.locator(".entry[data-side=widget][data-text*='message:created'][data-text*='replayed']")
                        .first())
                .isAttached();
        assertThatNoEventCameTwice(page);
    }

    private static void assertThatNoEventCameTwice(Page page) {
        for (String side : List.of("widget", "dashboard")) {
            List<?> ids = (List<?>) page.evaluate(
                    "side => [...document.querySelectorAll(`.entry[data-id][data-side=${side}]`)].map(e => e.dataset.id)",
                    side);
            assertThat(ids).as(side).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    @Test
    void what_waited_survives_a_reload_and_is_written_once() {
        Page page = open();
        String text = word();
        Side.widget(page).setNetwork("Offline");
        Side.widget(page).write(text);
        Side.widget(page).awaitStatus(text, "queued");

        page.reload();

        Side.dashboard(page).awaitMessage(text);
        Side.widget(page).awaitStatus(text, "read");
        assertThat(Side.widget(page).contents(text)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"No websocket, Fallback · event stream", "Polling, Fallback · polling"})
    void without_a_websocket_messages_go_both_ways_over_http_and_none_is_lost_on_the_way_back(
            String network, String state) {
        Page page = open();
        Side widget = Side.widget(page);
        Side dashboard = Side.dashboard(page);
        String word = word();

        widget.setNetwork(network);
        dashboard.setNetwork(network);
        assertThat(widget.all().locator(".state")).hasText(state);
        assertThat(dashboard.all().locator(".state")).hasText(state);
        widget.write(word + " there");
        dashboard.awaitMessage(word + " there");
        dashboard.write(word + " back");
        widget.awaitMessage(word + " back");
        widget.setNetwork("Online");
        dashboard.setNetwork("Online");
        widget.awaitState("live");
        dashboard.awaitState("live");
        dashboard.write(word + " again");
        widget.awaitMessage(word + " again");

        List<String> expected = List.of(word + " there", word + " back", word + " again");
        assertThat(widget.contents(word)).isEqualTo(expected);
        assertThat(dashboard.contents(word)).isEqualTo(expected);
        assertThatNoEventCameTwice(page);
    }

    @Test
    void without_a_websocket_typing_is_heard_in_the_stream_of_whichever_conversation_is_opened() {
        Page page = tabs.open(url + "?visitor=ben");
        Side widget = Side.widget(page).awaitState("live");
        Side dashboard = Side.dashboard(page).awaitState("live");
        widget.setNetwork("No websocket");
        dashboard.setNetwork("No websocket");
        assertThat(dashboard.all().locator(".state")).hasText("Fallback · event stream");

        dashboard.conversation("Ben Buyer").click();
        assertThat(dashboard.all().locator(".state")).hasText("Fallback · event stream");
        assertThat(widget.all().locator(".state")).hasText("Fallback · event stream");

        widget.type("Hmm");
        assertThat(dashboard.typing()).containsText("Ben Buyer is typing");
        widget.all().locator("textarea").fill("");
        assertThat(dashboard.typing()).not().containsText("typing");
        dashboard.type("Well");
        assertThat(widget.typing()).containsText("Jam is typing");
    }

    @Test
    void behind_a_proxy_that_refuses_websockets_the_page_falls_back_by_itself_and_comes_back() {
        tabs.expecting("WebSocket|Failed to load resource");
        try (FaultProxy proxy = new FaultProxy("127.0.0.1", port)) {
            proxy.refuseWebSockets();
            Page page = tabs.open("http://localhost:" + proxy.port() + "/demo");
            Side widget = Side.widget(page).awaitState("fallback");
            Side dashboard = Side.dashboard(page).awaitState("fallback");
            String word = word();

            widget.write(word + " there");
            dashboard.awaitMessage(word + " there");
            dashboard.write(word + " back");
            widget.awaitMessage(word + " back");
            widget.awaitStatus(word + " there", "read");
            assertThat(page.locator(".entry[data-text*='channel_error']").first())
                    .isAttached();
            proxy.restore();

            widget.awaitState("live");
            dashboard.awaitState("live");
            widget.write(word + " live");
            dashboard.awaitMessage(word + " live");
            List<String> expected = List.of(word + " there", word + " back", word + " live");
            assertThat(widget.contents(word)).isEqualTo(expected);
            assertThat(dashboard.contents(word)).isEqualTo(expected);
            assertThatNoEventCameTwice(page);
        }
    }

    @Test
    void when_the_service_cannot_be_reached_both_sides_queue_and_nothing_is_lost_or_doubled() {
        tabs.expecting("WebSocket|Failed to load resource");
        try (FaultProxy proxy = new FaultProxy("127.0.0.1", port)) {
            Page page = tabs.open("http://localhost:" + proxy.port() + "/demo");
            Side widget = Side.widget(page).awaitState("live");
            Side dashboard = Side.dashboard(page).awaitState("live");
            String word = word();

            proxy.refuse();
            widget.awaitState("offline");
            dashboard.awaitState("offline");
            for (int i = 0; i < 5; i++) {
                widget.write(word + " w" + i);
                dashboard.write(word + " d" + i);
            }
            widget.awaitStatus(word + " w4", "queued");
            proxy.restore();

            for (int i = 0; i < 5; i++) {
                dashboard.awaitMessage(word + " w" + i);
                widget.awaitMessage(word + " d" + i);
            }
            widget.awaitState("live");
            dashboard.awaitState("live");
            widget.awaitStatus(word + " w4", "read");
            dashboard.awaitStatus(word + " d4", "read");
            assertThat(widget.contents(word + " w")).containsExactly(numbered(word + " w"));
            assertThat(dashboard.contents(word + " d")).containsExactly(numbered(word + " d"));
        }
    }

    private static String[] numbered(String text) {
        return IntStream.range(0, 5).mapToObj(i -> text + i).toArray(String[]::new);
    }

    @Test
    void twenty_five_messages_in_a_row_from_each_side_all_arrive_in_order() {
        Page page = tabs.open(url + "?visitor=eve");
        Side widget = Side.widget(page).awaitState("live");
        Side dashboard = Side.dashboard(page).awaitState("live");
        dashboard.conversation("Eve Early").click();

        widget.all().locator(".rapid").click();
        dashboard.all().locator(".rapid").click();

        List<String> once = IntStream.rangeClosed(1, 25)
                .mapToObj(i -> "Rapid " + i + " of 25")
                .toList();
        for (Side side : List.of(widget, dashboard)) {
            for (String kind : List.of("own", "other")) {
                Locator messages = side.all()
                        .locator(".message." + kind + " .content")
                        .filter(new Locator.FilterOptions().setHasText(Pattern.compile("^Rapid \\d+ of 25$")));
                assertThat(messages).hasCount(25, LONG);
                assertThat(side.all().locator(".message[data-status=queued]")).hasCount(0, LONG);
                assertThat(messages.allTextContents()).isEqualTo(once);
            }
        }
    }

    @Test
    void five_visitors_at_once_are_each_heard_in_their_own_conversation() {
        Page page = open();
        Side dashboard = Side.dashboard(page);
        String word = word();
        List<String> visitors = List.of("ada", "ben", "cleo", "dan", "eve");
        List<Page> widgets = visitors.stream()
                .map(visitor -> tabs.open(url + "?visitor=" + visitor))
                .toList();
        widgets.forEach(widget -> Side.widget(widget).awaitState("live"));

        for (int i = 0; i < visitors.size(); i++) {
            Side.widget(widgets.get(i)).write(word + " of " + visitors.get(i));
        }

        for (int i = 0; i < visitors.size(); i++) {
            dashboard.all().locator(".conversations button").nth(i).click();
            dashboard.awaitMessage(word + " of " + visitors.get(i));
            assertThat(dashboard.contents(word)).hasSize(1);
            dashboard.write(word + " to " + visitors.get(i));
            Side.widget(widgets.get(i)).awaitMessage(word + " to " + visitors.get(i));
        }
        for (Page widget : widgets) {
            assertThat(Side.widget(widget).contents(word)).hasSize(2);
        }
    }

    @Test
    void a_reload_shows_what_was_there() {
        Page page = open();
        String text = word();
        Side.widget(page).write(text);
        Side.widget(page).awaitStatus(text, "read");

        page.reload();

        Side.widget(page).awaitMessage(text);
        Side.dashboard(page).awaitMessage(text);
    }

    @Test
    void what_the_api_refuses_is_said_beside_the_message() {
        tabs.expecting("422");
        Page page = open();
        Side widget = Side.widget(page);
        String text = "x".repeat(4001);

        page.evaluate("() => document.querySelector('#widget textarea').removeAttribute('maxlength')");
        widget.write(text);

        assertThat(widget.all().locator(".problem")).containsText("content must have at most 4000 characters");
    }

    @Test
    void a_line_of_the_log_opens_to_what_came() {
        Page page = open();
        String text = word();
        Side.widget(page).write(text);
        Side.dashboard(page).awaitMessage(text);
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

        Side.widget(page).write(text);
        Side.dashboard(page).awaitMessage(text);

        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(360);
        Tabs.photograph(page, "demo-phone-" + scheme);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void every_text_stands_out_from_its_ground(ColorScheme scheme) {
        Page page = open(new NewContextOptions().setViewportSize(1280, 900).setColorScheme(scheme));
        String text = word();
        Side.widget(page).write(text);
        Side.widget(page).awaitStatus(text, "read");
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
        assertThat(Side.widget(page).all().locator(".state")).hasText("Fallback · event stream");
    }
}
