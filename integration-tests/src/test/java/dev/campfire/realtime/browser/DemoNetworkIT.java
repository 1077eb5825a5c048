package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.campfire.realtime.browser.DemoSide.word;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.campfire.realtime.support.Demo;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.SharedDemo;
import dev.campfire.realtime.support.Tabs;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the conversation of the demo page when the network of a side changes, fails and comes back. */
@ExtendWith({SharedDemo.class, SharedBrowser.class})
class DemoNetworkIT {

    private final Tabs tabs;
    private final Demo demo;

    DemoNetworkIT(Tabs tabs, Demo demo) {
        this.tabs = tabs;
        this.demo = demo;
    }

    @Test
    void what_was_written_and_missed_offline_is_there_once_and_in_order_when_the_network_is_back() {
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide widget = DemoSide.widget(page);
        DemoSide dashboard = DemoSide.dashboard(page);
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
        Page page = DemoSide.openBoth(tabs, demo.url());
        String text = word();
        DemoSide.widget(page).setNetwork("Offline");
        DemoSide.widget(page).write(text);
        DemoSide.widget(page).awaitStatus(text, "queued");

        page.reload();

        DemoSide.dashboard(page).awaitMessage(text);
        DemoSide.widget(page).awaitStatus(text, "read");
        assertThat(DemoSide.widget(page).contents(text)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"No websocket, Fallback · event stream", "Polling, Fallback · polling"})
    void without_a_websocket_messages_go_both_ways_over_http_and_none_is_lost_on_the_way_back(
            String network, String state) {
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide widget = DemoSide.widget(page);
        DemoSide dashboard = DemoSide.dashboard(page);
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
        Page page = tabs.open(demo.url() + "?visitor=ben");
        DemoSide widget = DemoSide.widget(page).awaitState("live");
        DemoSide dashboard = DemoSide.dashboard(page).awaitState("live");
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
        try (FaultProxy proxy = new FaultProxy("127.0.0.1", demo.port())) {
            proxy.refuseWebSockets();
            Page page = tabs.open(Demo.urlOf(proxy.port()));
            DemoSide widget = DemoSide.widget(page).awaitState("fallback");
            DemoSide dashboard = DemoSide.dashboard(page).awaitState("fallback");
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
        try (FaultProxy proxy = new FaultProxy("127.0.0.1", demo.port())) {
            Page page = tabs.open(Demo.urlOf(proxy.port()));
            DemoSide widget = DemoSide.widget(page).awaitState("live");
            DemoSide dashboard = DemoSide.dashboard(page).awaitState("live");
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
}
