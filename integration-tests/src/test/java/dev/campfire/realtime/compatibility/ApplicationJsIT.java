package dev.campfire.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseChannel.Change;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.SupabaseClient.Version;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever else an application does through supabase-js, with each version of it and of the protocol. */
@ParameterizedClass(name = "supabase-js {0}, vsn {1}")
@CsvSource({"V2_109, 1.0.0", "V2_109, 2.0.0", "V2_119, 1.0.0", "V2_119, 2.0.0"})
@ExtendWith(SharedBackend.class)
@Apart
class ApplicationJsIT {

    private static final Map<String, Object> PRIVATE = Map.of("private", true);

    private final Backend backend;
    private final Version version;
    private final String vsn;
    private final SupabaseClient client;
    private final List<SupabaseClient> others = new ArrayList<>();
    private final List<String> undo = new ArrayList<>();

    ApplicationJsIT(Version version, String vsn, Backend backend) {
        this.backend = backend;
        this.version = version;
        this.vsn = vsn;
        this.client =
                SupabaseClient.with(version).vsn(vsn).connect(backend.service().url());
    }

    @AfterEach
    void cleanUp() {
        client.close();
        others.forEach(SupabaseClient::close);
        undo.forEach(backend.database()::execute);
    }

    private SupabaseClient another() {
        SupabaseClient other =
                SupabaseClient.with(version).vsn(vsn).connect(backend.service().url());
        others.add(other);
        return other;
    }

    private static String room() {
        return "room:" + UUID.randomUUID();
    }

    private void sql(String statements) {
        backend.database().execute(statements);
    }

    private String table(String columns) {
        String name = "js_" + UUID.randomUUID().toString().replace("-", "");
        sql("CREATE TABLE public." + name + " (" + columns + "); GRANT SELECT ON public." + name
                + " TO anon, authenticated; ALTER PUBLICATION supabase_realtime ADD TABLE public." + name);
        undo.add("DROP TABLE public." + name);
        return name;
    }

    private void allow(String command, String room) {
        String policy = command + ":" + room;
        sql("CREATE POLICY \"" + policy + "\" ON realtime.messages FOR " + command + " TO anon "
                + (command.equals("INSERT") ? "WITH CHECK" : "USING") + " (realtime.topic() = '" + room + "')");
        undo.add("DROP POLICY \"" + policy + "\" ON realtime.messages");
    }

    private static Map<String, Object> listen(String table, String event, String filter) {
        return Map.of("event", event, "schema", "public", "table", table, "filter", filter);
    }

    @Test
    void every_operator_of_filters_lets_through_what_postgres_would() {
        String table = table("id int PRIMARY KEY, name text, n numeric, ok boolean");
        Map<String, String> expected = Map.ofEntries(
                Map.entry("name=eq.apple", "1"),
                Map.entry("name=neq.apple", "2 3"),
                Map.entry("n=lt.2.50", "1"),
                Map.entry("n=lte.2.50", "1 2"),
                Map.entry("n=gt.2.50", "3"),
                Map.entry("n=gte.2.50", "2 3"),
                Map.entry("id=in.(1,3)", "1 3"),
                Map.entry("name=like.a%", "1"),
                Map.entry("name=ilike.a%", "1 2"),
                Map.entry("ok=is.true", "1"),
                Map.entry("name=match.^a", "1"),
                Map.entry("name=imatch.^a", "1 2"),
                Map.entry("name=isdistinct.apple", "2 3 4"),
                Map.entry("name=not.eq.apple", "2 3"),
                Map.entry("n=not.lt.2.50", "2 3"),
                Map.entry("n=not.gte.2.50", "1"),
                Map.entry("id=not.in.(1,3)", "2 4"),
                Map.entry("name=not.like.a%", "2 3"),
                Map.entry("name=not.ilike.a%", "3"),
                Map.entry("name=not.is.null", "1 2 3"),
                Map.entry("name=not.match.^a", "2 3"),
                Map.entry("name=not.imatch.^a", "3"),
                Map.entry("name=not.isdistinct.apple", "1"),
                Map.entry("name=ilike.a%,ok=is.false", "2"));
        List<String> filters = List.copyOf(expected.keySet());
        List<Map<String, Object>> listeners = new ArrayList<>();
        filters.forEach(filter -> listeners.add(listen(table, "INSERT", filter)));
        listeners.add(listen(table, "INSERT", "id=eq.99"));
        SupabaseChannel channel =
                client.channel(room()).changes(listeners).join().awaitSubscribed();

        sql("INSERT INTO public." + table + " VALUES (1, 'apple', 1, true), (2, 'Avocado', 2.5, false),"
                + " (3, 'pear', 10, null), (4, null, null, null)");
        sql("INSERT INTO public." + table + " (id) VALUES (99)");

        await().until(() -> channel.changes().stream().anyMatch(change -> change.binding() == filters.size()));
        for (int i = 0; i < filters.size(); i++) {
            int binding = i;
            TreeSet<Integer> rows = new TreeSet<>();
            channel.changes().stream()
                    .filter(change -> change.binding() == binding
                            && change.newRow().path("id").asInt() < 99)
                    .forEach(change -> rows.add(change.newRow().path("id").asInt()));
            assertThat(rows.stream().map(String::valueOf).toList())
                    .as(filters.get(i))
                    .containsExactly(expected.get(filters.get(i)).split(" "));
        }
    }

    @Test
    void listeners_of_one_event_hear_that_event_alone() {
        String table = table("id int PRIMARY KEY, name text");
        List<Map<String, Object>> listeners = new ArrayList<>();
        for (String event : List.of("INSERT", "UPDATE", "DELETE", "*")) {
            listeners.add(Map.of("event", event, "schema", "public", "table", table));
        }
        SupabaseChannel channel =
                client.channel(room()).changes(listeners).join().awaitSubscribed();

        sql("INSERT INTO public." + table + " VALUES (1, 'a')");
        sql("UPDATE public." + table + " SET name = 'b'");
        sql("DELETE FROM public." + table);

        List<Change> changes = channel.awaitChanges(6);
        assertThat(changes)
                .extracting(change -> change.binding() + change.event())
                .containsExactlyInAnyOrder("0INSERT", "1UPDATE", "2DELETE", "3INSERT", "3UPDATE", "3DELETE");
        Change update = changes.stream()
                .filter(change -> change.binding() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(update.oldRow().toString()).as("the key alone").isEqualTo("{\"id\":1}");
    }

    @Test
    void selected_columns_come_with_the_key_and_no_others() {
        String table = table("id int PRIMARY KEY, a int, b int");
        SupabaseChannel channel = client.channel(room())
                .changes(List.of(Map.of("event", "INSERT", "schema", "public", "table", table, "select", List.of("b"))))
                .join()
                .awaitSubscribed();

        sql("INSERT INTO public." + table + " VALUES (1, 2, 3)");

        assertThat(channel.awaitChanges(1).getFirst().newRow().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "b");
    }

    @Test
    void a_listener_of_everything_hears_of_all_tables() {
        String one = table("id int PRIMARY KEY");
        String two = table("id int PRIMARY KEY");
        SupabaseChannel channel = client.channel(room())
                .changes(List.of(Map.of("event", "*", "schema", "*")))
                .join()
                .awaitSubscribed();

        sql("INSERT INTO public." + one + " VALUES (1)");
        sql("INSERT INTO public." + two + " VALUES (2)");

        assertThat(channel.awaitChanges(2))
                .extracting(change -> change.all().path("table").asText())
                .containsExactly(one, two);
    }

    @Test
    void bytes_travel_as_bytes_where_the_protocol_can() {
        String room = room();
        SupabaseChannel receiver = another().subscribe(room);
        SupabaseChannel channel = client.subscribe(room);

        if (vsn.equals("2.0.0")) {
            channel.send("bin", Map.of("$hex", "0102ff"));
            assertThat(receiver.awaitEvent("bin").payload().path("$hex").asText())
                    .isEqualTo("0102ff");
        }
        channel.send("marker", Map.of());
        receiver.awaitEvent("marker");
    }

    @Test
    void what_is_sent_without_a_subscription_goes_over_http() {
        String room = room();
        SupabaseChannel receiver = client.subscribe(room);

        assertThat(another().sendUnsubscribed(room, "posted", Map.of("a", 1), Map.of()))
                .isEqualTo("ok");

        assertThat(receiver.awaitEvent("posted").payload().path("a").asInt()).isEqualTo(1);
    }

    @Test
    void an_explicit_post_reaches_the_channel() {
        String room = room();
        SupabaseChannel receiver = client.subscribe(room);
        SupabaseChannel sender = another().subscribe(room);

        JsonNode answer = sender.httpSend("posted", Map.of("a", 1));
        assertThat(answer.path("success").asBoolean()).as(answer.toString()).isTrue();

        assertThat(receiver.awaitEvent("posted").payload().path("a").asInt()).isEqualTo(1);
    }

    @Test
    void a_triggers_broadcast_changes_reaches_a_private_channel() {
        String room = room();
        allow("SELECT", room);
        String table = table("id int PRIMARY KEY, name text");
        sql("CREATE FUNCTION public.f_" + table + "() RETURNS trigger LANGUAGE plpgsql AS $b$ BEGIN"
                + " PERFORM realtime.broadcast_changes('" + room
                + "', TG_OP, TG_OP, TG_TABLE_NAME, TG_TABLE_SCHEMA, NEW, OLD); RETURN NULL; END $b$;"
                + " CREATE TRIGGER t AFTER INSERT OR DELETE ON public." + table
                + " FOR EACH ROW EXECUTE FUNCTION public.f_" + table + "()");
        undo.add("DROP FUNCTION public.f_" + table + "()");
        SupabaseChannel channel = client.join(room, List.of("*"), PRIVATE).awaitSubscribed();

        sql("INSERT INTO public." + table + " VALUES (1, 'a')");
        sql("DELETE FROM public." + table);

        Delivery insert = channel.awaitEvent("INSERT");
        assertThat(insert.record("name").asText()).isEqualTo("a");
        assertThat(insert.meta().path("id").asText()).isNotEmpty().isEqualTo(insert.id());
        assertThat(channel.awaitEvent("DELETE").oldRecord("name").asText()).isEqualTo("a");
    }

    @Test
    void who_joins_a_private_channel_is_told_what_was_before() {
        String room = room();
        allow("SELECT", room);
        for (int i = 0; i < 3; i++) {
            sql("SELECT realtime.send('{}', 'e" + i + "', '" + room + "')");
        }

        SupabaseChannel channel = client.join(
                        room,
                        List.of("*"),
                        Map.of("private", true, "broadcast", Map.of("replay", Map.of("since", 1, "limit", 2))))
                .awaitSubscribed();
        sql("SELECT realtime.send('{}', 'live', '" + room + "')");

        List<Delivery> deliveries = channel.awaitDeliveries(3);
        assertThat(deliveries).extracting(Delivery::event).containsExactly("e1", "e2", "live");
        assertThat(deliveries.getFirst().meta().path("replayed").asBoolean()).isTrue();
    }

    @Test
    void who_may_not_write_a_private_channel_is_not_heard() {
        String room = room();
        allow("SELECT", room);
        SupabaseChannel receiver = another().join(room, List.of("*"), PRIVATE).awaitSubscribed();
        SupabaseChannel channel = client.join(room, List.of("*"), PRIVATE).awaitSubscribed();

        channel.send("denied", Map.of());
        sql("SELECT realtime.send('{}', 'marker', '" + room + "')");

        receiver.awaitEvent("marker");
        assertThat(receiver.events()).doesNotContain("denied");
    }

    @Test
    void who_may_write_a_private_channel_is_heard() {
        String room = room();
        allow("SELECT", room);
        allow("INSERT", room);
        SupabaseChannel receiver = another().join(room, List.of("*"), PRIVATE).awaitSubscribed();
        SupabaseChannel channel = client.join(
                        room, List.of("*"), Map.of("private", true, "broadcast", Map.of("ack", true)))
                .awaitSubscribed();

        assertThat(channel.send("allowed", Map.of())).isEqualTo("ok");

        receiver.awaitEvent("allowed");
    }

    @Test
    void several_clients_know_who_is_present_and_who_is_gone() {
        String room = room();
        SupabaseChannel here = present(client, room, "me");
        SupabaseClient leaver = another();
        SupabaseChannel there = present(leaver, room, "you");
        SupabaseChannel late = present(another(), room, "late");

        here.track(Map.of("n", 1));
        there.track(Map.of("n", 2));
        late.awaitPresence(
                "both",
                told -> told.path("state").has("me") && told.path("state").has("you"));
        here.track(Map.of("n", 3));
        // Told in the call: 2.109 itself keeps what was before an update in its state.
        late.awaitPresence("the change", told -> isCall(told, "join", "me", "newPresences", 3));
        leaver.close();
        late.awaitPresence("who is gone", told -> isCall(told, "leave", "you", "leftPresences", 2));
        assertThat(here.untrack()).isEqualTo("ok");
        late.awaitPresence("who is hidden", told -> isCall(told, "leave", "me", "leftPresences", 3));
    }

    private static boolean isCall(JsonNode told, String event, String key, String metas, int n) {
        return told.path("event").asText().equals(event)
                && told.at("/told/key").asText().equals(key)
                && told.at("/told/" + metas + "/0/n").asInt() == n;
    }

    private static SupabaseChannel present(SupabaseClient client, String room, String key) {
        return client.channel(room)
                .config(Map.of("presence", Map.of("key", key)))
                .presence()
                .join()
                .awaitSubscribed();
    }

    @Test
    void row_changes_go_on_with_the_next_token() {
        String table = table("id int PRIMARY KEY");
        SupabaseClient user = another();
        user.setAuth(Tokens.authenticated("u1"));
        SupabaseChannel channel = user.channel(room())
                .changes(List.of(Map.of("event", "*", "schema", "public", "table", table)))
                .join()
                .awaitSubscribed();

        user.setAuth(Tokens.authenticated("u2"));
        await().until(() -> channel.systemMessages().stream()
                        .filter(system -> system.path("message").asText().equals("Subscribed to PostgreSQL"))
                        .count()
                == 2);
        sql("INSERT INTO public." + table + " VALUES (1)");

        channel.awaitChanges(1);
        assertThat(channel.statuses()).containsExactly("SUBSCRIBED");
    }

    @Test
    void row_changes_come_back_after_the_token_had_ended() {
        String table = table("id int PRIMARY KEY");
        SupabaseClient user = another();
        user.setAuth(Tokens.ofRole("authenticated", Duration.ofSeconds(2)));
        SupabaseChannel channel = user.channel(room())
                .changes(List.of(Map.of("event", "*", "schema", "public", "table", table)))
                .join()
                .awaitSubscribed();

        channel.awaitStatus("CHANNEL_ERROR");
        user.setAuth(Tokens.authenticated("u1"));
        channel.awaitSubscribedTimes(2, Duration.ofSeconds(30));
        sql("INSERT INTO public." + table + " VALUES (1)");

        channel.awaitChanges(1);
    }
}
