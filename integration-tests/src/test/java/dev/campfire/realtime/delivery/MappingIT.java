package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A table of another domain, mapped by a file of rules and nothing else, and the file while the service runs. */
@ExtendWith(SharedBackend.class)
class MappingIT {

    private static final String TABLE = """
            CREATE TABLE orders (
              id bigint PRIMARY KEY, shop text NOT NULL, state text NOT NULL DEFAULT 'open', total numeric NOT NULL,
              notes jsonb NOT NULL DEFAULT '{}', cost numeric NOT NULL DEFAULT 1);
            ALTER TABLE orders REPLICA IDENTITY FULL;
            ALTER PUBLICATION supabase_realtime ADD TABLE orders;
            GRANT SELECT ON orders TO anon;
            CREATE POLICY shops ON realtime.messages FOR SELECT TO anon USING (realtime.topic() LIKE 'shop:%')""";

    private static final String RULES = """
            version: 1
            tables:
              - table: orders
                belongs_to: [shop]
                channels:
                  shop: shop:{shop}
                  order: shop:{shop}:order:{id}
                events:
                  - event: order:placed
                    custom: true
                    operation: INSERT
                    to: shop
                    payload: [id, shop, total]
                  - event: order:paid
                    custom: true
                    operation: UPDATE
                    when: changed(state) && new.state == "paid"
                    to: [shop, order]
                    payload: [id, state]
                  - event: order:urgent
                    custom: true
                    operation: [INSERT, UPDATE]
                    when: has(new.notes.urgent) && new.notes.urgent == true && new.total > 100.0
                    to: shop
                    payload: []
                  - event: order:cancelled
                    custom: true
                    operation: DELETE
                    to: shop
                    payload: [id]
            """;

    @TempDir
    private Path folder;

    private final Backend backend;
    private Database database;
    private Path file;

    MappingIT(Backend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void create() throws IOException {
        database = Database.create(backend.server());
        database.execute(TABLE);
        file = Files.writeString(folder.resolve("orders.yaml"), RULES);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void orders_become_events_by_their_rules_alone() {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = SupabaseClient.connect(service.url())) {
            SupabaseChannel shop = join(client, "shop:mill");
            SupabaseChannel order = join(client, "shop:mill:order:7");

            database.execute("INSERT INTO orders (id, shop, total) VALUES (7, 'mill', 12.5)");
            database.execute("UPDATE orders SET state = 'paid' WHERE id = 7");
            database.execute("UPDATE orders SET total = 200, notes = '{\"urgent\": true}' WHERE id = 7");
            database.execute("UPDATE orders SET shop = 'inn' WHERE id = 7");

            List<Delivery> told = shop.awaitDeliveries(4);
            assertThat(told)
                    .extracting(Delivery::event)
                    .containsExactly("order:placed", "order:paid", "order:urgent", "order:cancelled");
            assertThat(told.get(0).payload().path("record")).hasToString("{\"id\":7,\"shop\":\"mill\",\"total\":12.5}");
            assertThat(told.get(1).payload().path("record")).hasToString("{\"id\":7,\"state\":\"paid\"}");
            assertThat(told.get(1).payload().path("old_record")).hasToString("{\"id\":7,\"state\":\"open\"}");
            assertThat(told.get(2).payload().path("record")).hasToString("{}");
            assertThat(told.get(3).payload().path("operation").asText()).isEqualTo("DELETE");
            assertThat(told.get(3).payload().path("old_record")).hasToString("{\"id\":7}");
            assertThat(order.awaitDeliveries(1)).extracting(Delivery::event).containsExactly("order:paid");
        }
    }

    @Test
    void a_column_that_a_viewer_may_not_read_is_left_out_of_what_a_rule_tells() {
        database.execute("REVOKE SELECT ON orders FROM anon; GRANT SELECT (id, shop) ON orders TO anon");
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = SupabaseClient.connect(service.url())) {
            SupabaseChannel shop = join(client, "shop:mill");

            database.execute("INSERT INTO orders (id, shop, total) VALUES (7, 'mill', 12.5)");

            assertThat(shop.awaitEvent("order:placed").payload().path("record"))
                    .hasToString("{\"id\":7,\"shop\":\"mill\"}");
        }
    }

    @Test
    void reading_the_file_again_while_rows_are_inserted_loses_and_doubles_nothing() throws Exception {
        int reloads = 6;
        int rows = 100;
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = SupabaseClient.connect(service.url())) {
            SupabaseChannel shop = join(client, "shop:mill");
            Thread inserting = Thread.ofVirtual().start(() -> insert(reloads * rows));
            for (int i = 1; i <= reloads; i++) {
                // After so many rows have come, in the midst of the others.
                shop.awaitDeliveries(i * rows / 2, Duration.ofSeconds(60));
                Files.writeString(file, RULES.replace("order:placed", "order:placed:" + i));
                int times = i;
                service.hangUp();
                await().until(() -> count(service, "Read the mapping") == times);
            }
            inserting.join();
            // What is inserted from here on is certain to be told by the last rules.
            database.execute("INSERT INTO orders (id, shop, total) VALUES (0, 'mill', 1)");
            List<Delivery> all = shop.awaitDeliveries(reloads * rows + 1, Duration.ofSeconds(60));

            List<Integer> ids = new ArrayList<>(
                    IntStream.rangeClosed(1, reloads * rows).boxed().toList());
            ids.add(0);
            assertThat(all)
                    .extracting(delivery -> delivery.record("id").asInt())
                    .containsExactlyElementsOf(ids);
            assertThat(all.getLast().event()).isEqualTo("order:placed:" + reloads);
            assertThat(all).extracting(Delivery::event).contains("order:placed").isSorted();
        }
    }

    @Test
    void whoever_starts_it_so_that_the_signal_is_ignored_is_told_that_the_file_is_not_read_again() {
        try (ServiceProcess service = settings().startedBy("nohup").startHealthy()) {
            assertThat(service.log()).anyMatch(line -> line.contains("SIGHUP is ignored"));
        }
    }

    @Test
    void a_file_that_cannot_be_used_leaves_the_old_rules_in_force_and_says_so() throws IOException {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = SupabaseClient.connect(service.url())) {
            SupabaseChannel shop = join(client, "shop:mill");
            Files.writeString(
                    file,
                    RULES.replace("order:placed", "order:begun").replace("new.total > 100.0", "new.total > \"much\""));

            service.hangUp();
            service.awaitLog("stay in force");
            database.execute("INSERT INTO orders (id, shop, total) VALUES (7, 'mill', 12.5)");

            assertThat(shop.awaitDeliveries(1)).extracting(Delivery::event).containsExactly("order:placed");
            assertThat(service.log()).anyMatch(line -> line.contains(file + ":23:78: found no matching overload"));
        }
    }

    @Test
    void a_rule_that_does_not_fit_its_table_is_told_before_anything_starts() throws IOException {
        Files.writeString(file, RULES.replace("new.state ==", "new.sate =="));
        try (ServiceProcess service = settings().start()) {
            assertThat(service.awaitEnd(Duration.ofSeconds(30))).isEqualTo(2);
            assertThat(service.log()).anyMatch(line -> line.contains(file + ":17:36: undefined field 'sate'"));
        }
    }

    @Test
    void the_doctor_tells_what_does_not_fit_with_its_place() throws IOException {
        Files.writeString(file, RULES.replace("[id, shop, total]", "[id, shop, sum]"));
        Path config = Files.writeString(
                folder.resolve("config.yaml"), "DATABASE_URL: \"" + url() + "\"\nCAMPFIRE_MAPPING: \"" + file + "\"\n");
        try (Launcher doctor = Launcher.run("doctor", "--config", config.toString())) {
            assertThat(doctor.awaitExit()).isEqualTo(1);
            assertThat(doctor.lines())
                    .anyMatch(line -> line.contains("FAIL") && line.contains("mapping")
                            || line.contains(file + ":13:28: public.orders has no column \"sum\""));
        }
    }

    @Test
    void a_column_that_is_dropped_while_the_service_runs_switches_off_its_rules_alone() {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = SupabaseClient.connect(service.url())) {
            SupabaseChannel shop = join(client, "shop:mill");
            database.execute("INSERT INTO orders (id, shop, total) VALUES (7, 'mill', 12.5)");

            database.execute("ALTER TABLE orders DROP COLUMN state");
            database.execute("UPDATE orders SET notes = '{\"urgent\": true}', total = 500 WHERE id = 7");

            shop.awaitDeliveries(2);
            assertThat(shop.events()).containsExactly("order:placed", "order:urgent");
            assertThat(service.awaitLog("a rule of the mapping is off"))
                    .contains(file + ":17:23: undefined column 'state'");
            assertThat(service.details().body()).contains("\"rule_off\":");
        }
    }

    private ServiceProcess.Settings settings() {
        return ServiceProcess.forDatabase(database).with("CAMPFIRE_MAPPING", file.toString());
    }

    private String url() {
        return "postgres://" + Database.SERVICE_ROLE + ":" + Database.SERVICE_PASSWORD + "@"
                + database.server().host() + ":" + database.server().port() + "/" + database.name();
    }

    private void insert(int rows) {
        for (int id = 1; id <= rows; id++) {
            database.update("INSERT INTO orders (id, shop, total) VALUES (?, 'mill', 1)", (long) id);
        }
    }

    private static SupabaseChannel join(SupabaseClient client, String channel) {
        return client.join(channel, List.of("*"), Map.of("private", true)).awaitSubscribed();
    }

    private static long count(ServiceProcess service, String text) {
        return service.log().stream().filter(line -> line.contains(text)).count();
    }
}
