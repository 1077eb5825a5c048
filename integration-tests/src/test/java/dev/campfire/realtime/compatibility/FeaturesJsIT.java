package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseChannel.Change;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.SupabaseClient.Version;
import dev.campfire.realtime.support.Tokens;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Row changes, presence and broadcasts of the database, with each version of supabase-js and of the protocol. */
@ParameterizedClass(name = "supabase-js {0}, vsn {1}")
@CsvSource({"V2_109, 1.0.0", "V2_109, 2.0.0", "V2_119, 1.0.0", "V2_119, 2.0.0"})
@ExtendWith(SharedBackend.class)
@Apart
class FeaturesJsIT {

    private final Backend backend;
    private final SupabaseClient client;
    private final String table =
            "js_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private final String name = "room:" + UUID.randomUUID();

    FeaturesJsIT(Version version, String vsn, Backend backend) {
        this.backend = backend;
        this.client =
                SupabaseClient.with(version).vsn(vsn).connect(backend.service().url());
    }

    @AfterEach
    void close() {
        client.close();
        backend.database().execute("DROP TABLE IF EXISTS public." + table);
    }

    private void makeTable() {
        backend.database()
                .execute("CREATE TABLE public." + table
                        + " (id bigint PRIMARY KEY, name text, amount numeric(10,2), ok boolean);"
                        + " ALTER TABLE public." + table + " REPLICA IDENTITY FULL;"
                        + " GRANT SELECT ON public." + table + " TO anon, authenticated;"
                        + " ALTER PUBLICATION supabase_realtime ADD TABLE public." + table);
    }

    private void run(String sql) {
        backend.database().execute(sql.replace("$", "public." + table));
    }

    private Map<String, Object> listen(String event) {
        return Map.of("event", event, "schema", "public", "table", table);
    }

    private Map<String, Object> listen(String event, String filter) {
        return Map.of("event", event, "schema", "public", "table", table, "filter", filter);
    }

    @Test
    void a_rows_life_reaches_the_listeners_of_its_table() {
        makeTable();
        SupabaseChannel channel =
                client.channel(name).changes(List.of(listen("*"))).join().awaitSubscribed();

        run("INSERT INTO $ VALUES (1, 'a', 1.5, true)");
        run("UPDATE $ SET name = 'b' WHERE id = 1");
        run("DELETE FROM $ WHERE id = 1");

        List<Change> changes = channel.awaitChanges(3);
        assertThat(changes).extracting(Change::event).containsExactly("INSERT", "UPDATE", "DELETE");
        assertThat(changes.get(0).newRow().toString())
                .contains("\"name\":\"a\"")
                .contains("\"amount\":1.5");
        assertThat(changes.get(1).newRow().path("name").asText()).isEqualTo("b");
        assertThat(changes.get(1).oldRow().path("name").asText()).isEqualTo("a");
        assertThat(changes.get(2).oldRow().path("name").asText()).isEqualTo("b");
        channel.awaitSystem("Subscribed to PostgreSQL");
    }

    @Test
    void each_listener_hears_what_its_filter_lets_through() {
        makeTable();
        SupabaseChannel channel = client.channel(name)
                .changes(List.of(
                        listen("INSERT", "id=eq.1"),
                        listen("INSERT", "id=in.(2,3)"),
                        listen("INSERT", "name=like.x%"),
                        listen("INSERT", "amount=gte.10,ok=is.true"),
                        listen("INSERT", "name=not.eq.y"),
                        listen("UPDATE")))
                .join()
                .awaitSubscribed();

        run(
                "INSERT INTO $ VALUES (1, 'xa', 1, false), (2, 'y', 10.00, true), (3, null, 9.99, true), (4, 'z', 11, null)");
        run("UPDATE $ SET ok = false WHERE id = 4");

        List<Change> changes = channel.awaitChanges(8);
        assertThat(changes)
                .extracting(change ->
                        change.binding() + ":" + change.newRow().path("id").asInt())
                .containsExactlyInAnyOrder("0:1", "1:2", "1:3", "2:1", "3:2", "4:1", "4:4", "5:4");
    }

    @Test
    void a_table_that_is_published_later_is_heard_without_subscribing_again() {
        SupabaseChannel channel = client.channel(name)
                .changes(List.of(Map.of("event", "INSERT", "schema", "public")))
                .join()
                .awaitSubscribed();

        makeTable();
        run("INSERT INTO $ VALUES (7, 'new', 1, true)");

        assertThat(channel.awaitChanges(1).getFirst().newRow().path("id").asInt())
                .isEqualTo(7);
    }

    @Test
    void a_table_that_nobody_publishes_is_refused_in_words() {
        SupabaseChannel channel = client.channel(name)
                .changes(List.of(Map.of("event", "*", "schema", "public", "table", "nothing_there")))
                .join()
                .awaitSubscribed();

        channel.awaitSystem("Unable to subscribe to changes with given parameters. Please check Realtime is enabled for"
                + " the given connect parameters: [event: *, schema: public, table: nothing_there, filters: [],"
                + " select: nil]");
    }

    @Test
    void who_is_present_is_known_to_all() {
        SupabaseChannel here = client.channel(name)
                .config(Map.of("presence", Map.of("key", "me")))
                .presence()
                .join()
                .awaitSubscribed();
        assertThat(here.track(Map.of("mood", "good"))).isEqualTo("ok");
        here.awaitPresence(
                "my join",
                told -> told.path("event").asText().equals("join")
                        && told.path("told").path("key").asText().equals("me"));

        try (SupabaseClient other = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel there = other.channel(name)
                    .config(Map.of("presence", Map.of("key", "you")))
                    .presence()
                    .join()
                    .awaitSubscribed();
            there.awaitPresence("me", told -> told.path("state")
                    .path("me")
                    .path(0)
                    .path("mood")
                    .asText()
                    .equals("good"));
            there.track(Map.of("mood", "fine"));
            here.awaitPresence("you", told -> told.path("state").has("you"));
        }

        here.awaitPresence(
                "that you have gone",
                told -> told.path("event").asText().equals("leave")
                        && told.path("told").path("key").asText().equals("you"));
        assertThat(here.untrack()).isEqualTo("ok");
    }

    @Test
    void what_the_database_sends_reaches_the_channel() {
        SupabaseChannel channel = client.subscribe(name);

        backend.database().execute("SELECT realtime.send('{\"a\": 1}', 'shout', '" + name + "', false)");

        Delivery delivery = channel.awaitEvent("shout");
        assertThat(delivery.payload().path("a").asInt()).isEqualTo(1);
        assertThat(delivery.meta().path("id").asText())
                .isNotEmpty()
                .isEqualTo(delivery.payload().path("id").asText());
    }

    @Test
    void a_logical_message_reaches_the_channel() {
        SupabaseChannel channel = client.subscribe(name);

        backend.database()
                .execute("SELECT pg_logical_emit_message(true, 'realtime.broadcast', '{\"topic\": \"" + name
                        + "\", \"event\": \"shout\", \"payload\": {\"a\": 1.10}, \"private\": false}')");

        assertThat(channel.awaitEvent("shout").payload().path("a").asDouble()).isEqualTo(1.1);
    }

    @Test
    void a_private_channel_is_the_policies_own() {
        Map<String, Object> isPrivate = Map.of("private", true);
        SupabaseChannel refused = client.channel(name).config(isPrivate).join().awaitStatus("CHANNEL_ERROR");
        assertThat(refused.errors().getFirst())
                .contains("Unauthorized: You do not have permissions to read from this Channel topic: " + name);

        backend.database()
                .execute("CREATE POLICY \"" + name
                        + "\" ON realtime.messages FOR SELECT TO anon USING (realtime.topic() = '" + name + "')");
        SupabaseChannel channel = refused.awaitSubscribed();
        backend.database().execute("SELECT realtime.send('{}', 'secret', '" + name + "')");
        channel.awaitEvent("secret");
    }

    @Test
    void every_operator_lets_through_what_it_should() {
        makeTable();
        List<String> filters = List.of(
                "id=eq.1",
                "id=neq.2",
                "id=lt.5",
                "id=lte.1",
                "id=gt.0",
                "id=gte.1",
                "id=in.(1,9)",
                "name=like.a%",
                "name=ilike.A%",
                "ok=is.true",
                "name=match.^a",
                "name=imatch.^A",
                "name=isdistinct.zzz",
                "name=not.eq.zzz");
        SupabaseChannel channel = client.channel(name)
                .changes(
                        filters.stream().map(filter -> listen("INSERT", filter)).toList())
                .join()
                .awaitSubscribed();

        run("INSERT INTO $ VALUES (1, 'abc', 1.5, true)");
        run("INSERT INTO $ VALUES (2, 'zzz', 1.5, null)");

        // Of the second row: lt, gt, gte and nothing else.
        List<Change> changes = channel.awaitChanges(filters.size() + 3);
        assertThat(changes)
                .filteredOn(change -> change.newRow().path("id").asInt() == 1)
                .extracting(Change::binding)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, filters.size()).boxed().toList());
        assertThat(changes)
                .filteredOn(change -> change.newRow().path("id").asInt() == 2)
                .extracting(Change::binding)
                .containsExactlyInAnyOrder(2, 4, 5);
    }

    @Test
    void what_is_sent_without_a_subscription_goes_over_http() {
        SupabaseChannel channel = client.subscribe(name);
        try (SupabaseClient other = SupabaseClient.connect(backend.service().url())) {
            assertThat(other.sendUnsubscribed(name, "posted", Map.of("a", 1), Map.of()))
                    .isEqualTo("ok");
        }
        assertThat(channel.awaitEvent("posted").payload().path("a").asInt()).isEqualTo(1);

        assertThat(channel.httpSend("sent", Map.of("b", 2)).path("success").asBoolean())
                .isTrue();
        assertThat(channel.awaitEvent("sent").payload().path("b").asInt()).isEqualTo(2);
    }

    @Test
    void a_renewed_token_subscribes_anew_without_losing_anything() {
        makeTable();
        SupabaseChannel channel =
                client.channel(name).changes(List.of(listen("INSERT"))).join().awaitSubscribed();
        channel.awaitSystem("Subscribed to PostgreSQL");

        client.setAuth(Tokens.authenticated(UUID.randomUUID().toString()));
        for (int i = 0; i < 50; i++) {
            run("INSERT INTO $ VALUES (" + i + ", 'a', 1, true)");
        }

        assertThat(channel.awaitChanges(50))
                .extracting(change -> change.newRow().path("id").asInt())
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(channel.systemMessages())
                .filteredOn(system -> system.path("message").asText().equals("Subscribed to PostgreSQL"))
                .hasSize(2);
    }
}
