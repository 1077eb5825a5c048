package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.Tabs;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console as a person uses it who operates the service. */
@ExtendWith({SharedBackend.class, SharedBrowser.class})
class ConsoleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Backend backend;
    private final String url;
    private final Tabs tabs;

    ConsoleIT(Backend backend, Tabs tabs) {
        this.backend = backend;
        this.url = backend.service().url();
        this.tabs = tabs;
    }

    @Test
    void a_wrong_key_is_told_what_is_wrong_with_it_and_a_good_one_opens_the_console() {
        tabs.expecting("status of 40[13]");
        ConsolePage console = ConsolePage.at(tabs, url, ConsolePage.desktop());

        console.signIn("nonsense");
        assertThat(console.keyError()).hasText("The token provided is not a valid JWT");
        console.signIn(Tokens.anon());
        assertThat(console.keyError()).containsText("one of the role anon");
        console.signIn(Tokens.ofRole("service_role", Duration.ofSeconds(-30)));
        assertThat(console.keyError()).containsText("expired");
        console.signIn(ConsolePage.key());

        assertThat(console.link()).hasText("Live");
        assertThat(console.page().locator("#sign-in")).isHidden();
        assertThat(console.page().evaluate("() => scrollY")).isEqualTo(0);
    }

    @Test
    void the_key_is_kept_by_the_tab_alone_and_stands_in_no_address() {
        ConsolePage console = ConsolePage.open(tabs, url);
        Page page = console.page();

        page.reload();

        assertThat(console.link()).hasText("Live");
        assertThat(page.url()).isEqualTo(url + "/");
        assertThat(page.evaluate("() => JSON.stringify(localStorage) + document.cookie")
                        .toString())
                .doesNotContain("eyJ");
        page.locator("#sign-out").click();
        assertThat(page.getByLabel("Key of service_role")).isFocused();
        assertThat(page.evaluate("() => sessionStorage.length")).isEqualTo(0);
    }

    @Test
    void figures_move_when_rows_are_inserted() {
        Conversation conversation = backend.conversation();
        ConsolePage console = ConsolePage.open(tabs, url);
        assertThat(console.page().locator(".uplot canvas")).hasCount(4);

        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            conversation.say("something to count");
            assertThat(console.tile("published").textContent()).matches("[1-9].*");
        });

        assertThat(console.tile("latency")).hasText(Pattern.compile("\\d.* m?s"));
        assertThat(console.tile("connections")).hasText(Pattern.compile("[1-9]\\d*"));
    }

    @Test
    void the_state_of_slot_and_journal_is_shown() {
        ConsolePage console = ConsolePage.open(tabs, url);

        assertThat(console.value("slot-state", "Slot")).hasText("active");
        assertThat(console.value("slot-state", "Confirmed")).hasText(Pattern.compile("[0-9A-F]+/[0-9A-F]+"));
        assertThat(console.value("slot-state", "WAL")).hasText(Pattern.compile("^(reserved|extended)"));
        assertThat(console.tile("lag")).hasText(Pattern.compile("\\d.* [KM]?B"));
        assertThat(console.value("journal-state", "Kept")).hasText("on disk");
        assertThat(console.value("journal-state", "Size")).hasText(Pattern.compile("\\d.* B|KB|MB"));
    }

    @Test
    void channels_are_listed_with_their_subscribers_and_searched_by_the_service() {
        String room = "console-" + UUID.randomUUID();
        try (PhoenixSocket one = PhoenixSocket.open(backend.service().port(), "2.0.0");
                PhoenixSocket other = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            one.join(room);
            other.join(room);
            other.join(room + "-beside");
            ConsolePage console = ConsolePage.open(tabs, url);
            Locator rows = console.page().locator("#channel-rows tr");

            console.page().getByLabel("Search channels").fill(room.toUpperCase(java.util.Locale.ROOT));

            assertThat(rows).hasCount(2);
            assertThat(rows.first()).containsText(room);
            assertThat(rows.first().locator("td.number")).hasText("2");
            other.close();
            assertThat(rows).hasCount(1);
            assertThat(rows.first().locator("td.number")).hasText("1");
        }
    }

    @Test
    void what_policies_withhold_is_counted_with_its_reason() {
        String table = "secrets_" + UUID.randomUUID().toString().replace("-", "");
        backend.database()
                .execute("CREATE TABLE public." + table + " (id int PRIMARY KEY, owner uuid); ALTER TABLE public."
                        + table
                        + " ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON public." + table
                        + " FOR SELECT TO authenticated USING (owner = auth.uid()); GRANT SELECT ON public." + table
                        + " TO authenticated; ALTER PUBLICATION supabase_realtime ADD TABLE public." + table);
        try (PhoenixSocket socket = PhoenixSocket.open(
                backend.service().port(),
                "2.0.0",
                Tokens.authenticated(UUID.randomUUID().toString()))) {
            socket.join(
                    "changes",
                    Map.of("postgres_changes", List.of(Map.of("event", "*", "schema", "public", "table", table))));
            socket.awaitEvent("system");
            ConsolePage console = ConsolePage.open(tabs, url);

            backend.database().execute("INSERT INTO public." + table + " VALUES (1, gen_random_uuid())");

            Locator row = console.page().locator("#withheld-rows tr", new Page.LocatorOptions().setHasText(table));
            assertThat(row).containsText("INSERT on public." + table);
            assertThat(row).containsText("role authenticated");
            assertThat(row.locator("td.number")).hasText("1");
        } finally {
            backend.database().execute("DROP TABLE public." + table);
        }
    }

    @Test
    void colours_are_those_of_the_system_until_somebody_chooses() {
        ConsolePage light = ConsolePage.open(tabs, url, options(1280).setColorScheme(ColorScheme.LIGHT));
        ConsolePage dark = ConsolePage.open(tabs, url, options(1280).setColorScheme(ColorScheme.DARK));
        assertThat(brightness(light.page())).isGreaterThan(200);
        assertThat(brightness(dark.page())).isLessThan(60);
        Tabs.photograph(light.page(), "console-light");
        Tabs.photograph(dark.page(), "console-dark");

        light.page().keyboard().press("t");
        assertThat(brightness(light.page())).isLessThan(60);
        light.page().reload();
        assertThat(brightness(light.page())).isLessThan(60);
    }

    private static NewContextOptions options(int width) {
        return new NewContextOptions().setViewportSize(width, 800);
    }

    /** Of the ground, from 0 to 255. */
    private static int brightness(Page page) {
        return (int) page.evaluate("() => Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])");
    }

    @Test
    void a_phone_shows_everything_without_scrolling_sideways() {
        Conversation conversation = backend.conversation();
        Page asked = tabs.open(url + "/", options(360));
        assertThat(new ConsolePage(asked).scrollsSideways()).isFalse();
        Tabs.photograph(asked, "console-sign-in-phone");
        try (PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            socket.join(conversation.channel());
            ConsolePage console = ConsolePage.open(tabs, url, options(360));
            assertThat(console.page().locator("#channel-rows")).containsText(conversation.channel());

            assertThat(console.scrollsSideways()).isFalse();
            Tabs.photograph(console.page(), "console-phone");
        }
    }

    @Test
    void everything_is_reached_by_keys() {
        ConsolePage console = ConsolePage.open(tabs, url);
        Page page = console.page();

        page.keyboard().press("?");
        assertThat(page.locator("#help")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("#help")).isHidden();
        page.keyboard().press("/");
        assertThat(page.getByLabel("Search channels")).isFocused();
        page.keyboard().type("t4?");
        assertThat(page.getByLabel("Search channels")).hasValue("t4?");
        page.keyboard().press("Escape");
        page.keyboard().press("5");
        assertThat(page.locator("#withheld")).isFocused();
        page.keyboard().press("f");
        assertThat(page.getByLabel("Channel", new Page.GetByLabelOptions().setExact(true)))
                .isFocused();
    }
}
