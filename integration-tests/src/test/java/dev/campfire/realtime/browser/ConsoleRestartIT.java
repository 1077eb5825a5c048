package dev.campfire.realtime.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SharedBrowser;
import dev.campfire.realtime.support.Tabs;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console whose service goes away, or whose key does not last. */
@ExtendWith({SharedBackend.class, SharedBrowser.class})
class ConsoleRestartIT {

    private final Tabs tabs;
    private final Database database;
    private final ServiceProcess.Settings settings;
    private ServiceProcess service;

    ConsoleRestartIT(Backend backend, Tabs tabs) {
        this.tabs = tabs;
        this.database = Database.create(backend.server());
        this.settings = ServiceProcess.forDatabase(database);
        this.service = settings.startHealthy();
    }

    @AfterEach
    void close() {
        service.close();
        database.close();
    }

    @Test
    void an_open_console_says_that_the_service_is_gone_and_goes_on_by_itself_when_it_is_back() {
        tabs.expecting("Failed to load resource");
        Conversation conversation = Conversation.open(database, service);
        ConsolePage console = ConsolePage.open(tabs, service.url());
        conversation.say("before");
        assertThat(console.page().locator("#tail-rows")).containsText("message:created");

        service.kill();
        assertThat(console.link()).hasText("Not connected");
        assertThat(console.trouble()).containsText("does not answer");
        service.close();
        service = settings.startHealthy();

        assertThat(console.link()).hasText("Live");
        assertThat(console.trouble()).isHidden();
        conversation.change("subject = 'after'");
        assertThat(console.page().locator("#tail-rows")).containsText("conversation:updated");
    }

    @Test
    void who_signs_in_while_the_service_is_away_is_told_so_and_can_try_again() {
        tabs.expecting("Failed to load resource");
        ConsolePage console = ConsolePage.at(tabs, service.url(), ConsolePage.desktop());

        service.kill();
        console.signIn(ConsolePage.key());
        assertThat(console.keyError()).hasText("The service does not answer. Try again when it runs.");
        service.close();
        service = settings.startHealthy();
        console.signIn(ConsolePage.key());

        assertThat(console.link()).hasText("Live");
    }

    @Test
    void a_key_that_expires_while_the_console_is_open_is_asked_for_again() {
        tabs.expecting("status of 401");
        ConsolePage console = ConsolePage.at(tabs, service.url(), ConsolePage.desktop());
        console.signIn(Tokens.ofRole("service_role", Duration.ofSeconds(4)));
        assertThat(console.link()).hasText("Live");

        assertThat(console.keyError()).containsText("The key is not good any more");
        assertThat(console.page().locator("#console")).isHidden();
        console.signIn(ConsolePage.key());

        assertThat(console.link()).hasText("Live");
    }

    @Test
    void what_no_header_can_hold_is_no_key() {
        ConsolePage console = ConsolePage.at(tabs, service.url(), ConsolePage.desktop());

        console.signIn("eyJhbGciOi…");

        assertThat(console.keyError()).containsText("This is no key");
    }
}
