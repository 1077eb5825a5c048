package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.campfire.realtime.browser.DemoSide.word;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import dev.campfire.realtime.support.Demo;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.SharedDemo;
import dev.campfire.realtime.support.Tabs;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page of {@code ./campfire demo}, used as a newcomer would: a conversation whose both sides are seen. */
@ExtendWith({SharedDemo.class, SharedBrowser.class})
class DemoPageIT {

    /** Fifty messages one after the other take their time where everything else runs as well. */
    private static final HasCountOptions LONG = new HasCountOptions().setTimeout(120_000);

    private final Tabs tabs;
    private final Demo demo;

    DemoPageIT(Tabs tabs, Demo demo) {
        this.tabs = tabs;
        this.demo = demo;
    }

    @Test
    void a_message_of_either_side_is_seen_on_the_other_and_its_ticks_tell() {
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide widget = DemoSide.widget(page);
        DemoSide dashboard = DemoSide.dashboard(page);
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
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide widget = DemoSide.widget(page);
        DemoSide dashboard = DemoSide.dashboard(page);
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
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide widget = DemoSide.widget(page);
        DemoSide dashboard = DemoSide.dashboard(page);

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
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide widget = DemoSide.widget(page);
        DemoSide dashboard = DemoSide.dashboard(page);
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
    void twenty_five_messages_in_a_row_from_each_side_all_arrive_in_order() {
        Page page = tabs.open(demo.url() + "?visitor=eve");
        DemoSide widget = DemoSide.widget(page).awaitState("live");
        DemoSide dashboard = DemoSide.dashboard(page).awaitState("live");
        dashboard.conversation("Eve Early").click();

        widget.all().locator(".rapid").click();
        dashboard.all().locator(".rapid").click();

        List<String> once = IntStream.rangeClosed(1, 25)
                .mapToObj(i -> "Rapid " + i + " of 25")
                .toList();
        for (DemoSide side : List.of(widget, dashboard)) {
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
        Page page = DemoSide.openBoth(tabs, demo.url());
        DemoSide dashboard = DemoSide.dashboard(page);
        String word = word();
        List<String> visitors = List.of("ada", "ben", "cleo", "dan", "eve");
        List<Page> widgets = visitors.stream()
                .map(visitor -> tabs.open(demo.url() + "?visitor=" + visitor))
                .toList();
        widgets.forEach(widget -> DemoSide.widget(widget).awaitState("live"));

        for (int i = 0; i < visitors.size(); i++) {
            DemoSide.widget(widgets.get(i)).write(word + " of " + visitors.get(i));
        }

        for (int i = 0; i < visitors.size(); i++) {
            dashboard.all().locator(".conversations button").nth(i).click();
            dashboard.awaitMessage(word + " of " + visitors.get(i));
            assertThat(dashboard.contents(word)).hasSize(1);
            dashboard.write(word + " to " + visitors.get(i));
            DemoSide.widget(widgets.get(i)).awaitMessage(word + " to " + visitors.get(i));
        }
        for (Page widget : widgets) {
            assertThat(DemoSide.widget(widget).contents(word)).hasSize(2);
        }
    }

    @Test
    void a_reload_shows_what_was_there() {
        Page page = DemoSide.openBoth(tabs, demo.url());
        String text = word();
        DemoSide.widget(page).write(text);
        DemoSide.widget(page).awaitStatus(text, "read");

        page.reload();

        DemoSide.widget(page).awaitMessage(text);
        DemoSide.dashboard(page).awaitMessage(text);
    }
}
