package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.Tabs;
import dev.campfire.realtime.support.Tokens;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal's tail in the console: what it shows, how it is filtered, and how a range of it is replayed. */
@ExtendWith({SharedBackend.class, SharedBrowser.class})
class ConsoleTailIT {

    private static final String ATTACK =
            "<img src=x onerror=\"window.hasRun=true\"><script>window.hasRun=true</script>";

    private final Backend backend;
    private final Conversation conversation;
    private final Tabs tabs;
    private ConsolePage console;
    private Page page;

    ConsoleTailIT(Backend backend, Tabs tabs) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.tabs = tabs;
    }

    @BeforeEach
    void open() {
        console = ConsolePage.open(tabs, backend.service().url());
        page = console.page();
        page.locator("#tail-event").fill("message:created");
        filter("tail-channel", conversation.channel());
    }

    private void filter(String field, String text) {
        page.locator("#" + field).fill(text);
        page.locator("#" + field).press("Enter");
    }

    private Locator lines() {
        return page.locator("#tail-rows li");
    }

    @Test
    void an_event_is_shown_when_it_is_told_and_opens_to_its_payload() {
        UUID id = conversation.say("a word");

        assertThat(lines()).hasCount(1);
        assertThat(lines().first()).containsText("message:created");
        lines().first().click();

        assertThat(lines().first().locator("pre")).containsText(id.toString());
    }

    @Test
    void the_filters_of_event_and_text_leave_what_was_asked_for() {
        UUID id = conversation.say("needle");
        conversation.say("hay");
        conversation.change(id, "status = 'read'");
        filter("tail-event", "message:**");
        assertThat(lines()).hasCount(4);

        filter("tail-event", "message:created");
        assertThat(lines()).hasCount(2);
        filter("tail-text", "NEEDLE");
        assertThat(lines()).hasCount(1);
        filter("tail-text", "none of them");
        assertThat(lines()).hasCount(0);
        assertThat(page.locator("#tail-status")).hasText("0 shown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org:ab*", "a:**:b", "***"})
    void a_filter_that_means_nothing_is_told_and_does_no_harm(String channel) {
        tabs.expecting("status of 400");

        filter("tail-channel", channel);

        assertThat(page.locator("#tail-status")).containsText("whole segment");
        filter("tail-channel", conversation.channel());
        conversation.say("heard again");
        assertThat(lines()).hasCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[](.+", "%00%ff&after=x", "'; DROP TABLE messages; --", "\uD83D\uDD25", "::", " "})
    void an_odd_filter_is_only_a_name_that_nothing_has(String odd) {
        tabs.expecting("status of 400");
        filter("tail-event", odd);
        assertThat(page.locator("#tail-status"))
                .hasText(Pattern.compile("shown|no channel|empty|segment|waiting|name", Pattern.CASE_INSENSITIVE));

        filter("tail-event", "message:created");
        conversation.say("heard again");
        assertThat(lines()).hasCount(1);
        assertThat(console.link()).hasText("Live");
    }

    @Test
    void what_others_have_written_is_text_and_nothing_else() {
        String room = ATTACK + UUID.randomUUID();
        try (PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            socket.join(room);
            conversation.say(ATTACK);

            assertThat(lines()).hasCount(1);
            lines().first().click();
            assertThat(lines().first().locator("pre")).containsText("onerror");
            page.getByLabel("Search channels").fill(room.substring(room.length() - 36));
            assertThat(page.locator("#channel-rows")).containsText(room);
        }
        assertThat(page.locator("#tail-rows img, #tail-rows script, #channel-rows img, #channel-rows script"))
                .hasCount(0);
        assertThat(page.evaluate("() => window.hasRun === undefined")).isEqualTo(true);
    }

    @Test
    void a_range_is_marked_and_replayed_without_a_mouse() {
        try (PhoenixSocket agent = PhoenixSocket.open(
                backend.service().port(),
                "2.0.0",
                Tokens.authenticated(conversation.agent().toString()))) {
            agent.join(conversation.channel());
            for (String content : new String[] {"before", "first", "second", "third"}) {
                conversation.say(content);
                agent.awaitBroadcast("message:created");
            }
            assertThat(lines()).hasCount(4);

            lines().first().focus();
            page.keyboard().press("Space");
            page.keyboard().press("ArrowDown");
            page.keyboard().press("ArrowDown");
            page.keyboard().press("Space");
            assertThat(page.locator("#tail-rows li.marked")).hasCount(2);
            page.keyboard().press("r");
            assertThat(page.locator("#replay-ask")).isVisible();
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");

            assertThat(page.locator("#replay-status")).hasText("3 events replayed.");
            for (String content : new String[] {"first", "second", "third"}) {
                PhoenixMessage replayed = agent.awaitBroadcast("message:created");
                assertThat(replayed.payload().at("/payload/record/content").asText())
                        .isEqualTo(content);
                assertThat(replayed.payload().at("/meta/replayed").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void a_replay_that_is_not_confirmed_does_not_happen() {
        conversation.say("once");
        assertThat(lines()).hasCount(1);
        lines().first().focus();
        page.keyboard().press("Space");

        page.keyboard().press("r");
        page.keyboard().press("Escape");

        assertThat(page.locator("#replay-ask")).isHidden();
        assertThat(page.locator("#replay-status")).isEmpty();
    }

    @Test
    void one_stop_leads_into_the_lines_and_one_out_of_them() {
        conversation.say("one");
        conversation.say("two");
        assertThat(lines()).hasCount(2);
        lines().first().focus();

        page.keyboard().press("Tab");

        assertThat(page.evaluate("() => document.getElementById('tail-rows').contains(document.activeElement)"))
                .isEqualTo(false);
    }
}
