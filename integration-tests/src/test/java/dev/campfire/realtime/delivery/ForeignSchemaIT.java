package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Delivery;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A shop's schema as somebody else made it: names that need quotes, enums, arrays, a composite key, a
 * partitioned table, policies of its own; mapped by its file alone.
 */
@ExtendWith(SharedBackend.class)
class ForeignSchemaIT {

    private static final String TABLES = """
            CREATE SCHEMA "Shop Floor";
            CREATE TYPE "Shop Floor".order_state AS ENUM ('pending', 'paid', 'shipped', 'cancelled');
            CREATE DOMAIN "Shop Floor".short_text AS text CHECK (length(VALUE) < 40);
            CREATE TABLE "Shop Floor"."Orders" (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ref uuid NOT NULL DEFAULT gen_random_uuid(),
              shop text NOT NULL, "customer id" bigint, status "Shop Floor".order_state NOT NULL DEFAULT 'pending',
              wanted "Shop Floor".order_state, remark "Shop Floor".short_text, total numeric(12, 2) NOT NULL, tags text[] NOT NULL DEFAULT '{}',
              notes jsonb NOT NULL DEFAULT '{}', placed_at timestamptz NOT NULL DEFAULT now());
            ALTER TABLE "Shop Floor"."Orders" REPLICA IDENTITY FULL;
            CREATE TABLE "Shop Floor".order_lines (
              order_id bigint, line int, sku text NOT NULL, qty int NOT NULL, PRIMARY KEY (order_id, line));
            CREATE TABLE "Shop Floor".scans (id bigint, at timestamptz NOT NULL, parcel uuid, PRIMARY KEY (id, at))
              PARTITION BY RANGE (at);
            CREATE TABLE "Shop Floor".scans_2026 PARTITION OF "Shop Floor".scans
              FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            GRANT USAGE ON SCHEMA "Shop Floor" TO authenticated, service_role, campfire_realtime;
            GRANT SELECT ON ALL TABLES IN SCHEMA "Shop Floor" TO authenticated, service_role;
            ALTER TABLE "Shop Floor"."Orders" ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON "Shop Floor"."Orders" FOR SELECT TO authenticated USING (shop = auth.jwt() ->> 'shop');
            CREATE POLICY shops ON realtime.messages FOR SELECT TO authenticated
              USING (realtime.topic() LIKE 'shop:' || (auth.jwt() ->> 'shop') || '%');
            ALTER PUBLICATION supabase_realtime ADD TABLE "Shop Floor"."Orders", "Shop Floor".order_lines,
              "Shop Floor".scans""";

    private static final String RULES = """
            version: 1
            tables:
              - table: Orders
                schema: Shop Floor
                belongs_to: [shop]
                channels:
                  shop: shop:{shop}
                  order: shop:{shop}:order:{id}
                  customer: shop:{shop}:customer:{customer id}
                events:
                  - {event: order:placed, custom: true, operation: INSERT, to: [shop, customer], payload: [id, total, tags, notes]}
                  - event: order:paid
                    custom: true
                    operation: UPDATE
                    when: changed(status) && old.status == "pending" && new.status == "paid"
                    to: [shop, order]
                    payload: [status, customer id]
                  - event: order:shipped
                    custom: true
                    operation: UPDATE
                    when: changed(status) && new.status == "shipped" && new.total > 0.0
                    to: shop
                    payload: [status]
                  - event: order:over
                    custom: true
                    operation: [UPDATE, DELETE]
                    when: operation == "DELETE" || changed(status) && new.status in ["cancelled"]
                    to: shop
                    payload: [id]
                  - event: order:wanted
                    custom: true
                    operation: UPDATE
                    when: changed(wanted) && new.wanted != "pending" && new.remark == "soon"
                    to: shop
                    payload: [wanted]
              - table: order_lines
                schema: Shop Floor
                belongs_to: []
                channels: {lines: "shop:mill:lines:{order_id}:{line}"}
                events:
                  - {event: line:set, custom: true, operation: [INSERT, UPDATE], to: lines, when: new.qty > 1, payload: [sku, qty]}
                  - {event: line:gone, custom: true, operation: DELETE, to: lines, payload: [order_id, line, sku]}
              - table: scans
                schema: Shop Floor
                belongs_to: [parcel:uuid]
                channels: {parcel: "shop:mill:parcel:{parcel}"}
                events:
                  - {event: parcel:scanned, custom: true, operation: INSERT, to: parcel, payload: [id]}
            """;

    private static final String ROOT = "ALTER PUBLICATION supabase_realtime SET (publish_via_partition_root = true)";

    @TempDir
    private Path folder;

    private final Backend backend;
    private Database database;
    private Path file;

    ForeignSchemaIT(Backend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void create() throws IOException {
        database = Database.create(backend.server());
        database.execute(TABLES);
        file = Files.writeString(folder.resolve("orders.yaml"), RULES);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ServiceProcess.Settings settings() {
        return ServiceProcess.forDatabase(database).with("CAMPFIRE_MAPPING", file.toString());
    }

    private static SupabaseClient member(ServiceProcess service, String shop) {
        return SupabaseClient.with(SupabaseClient.Version.V2_119)
                .key(Tokens.signed(Map.of(
                        "role",
                        "authenticated",
                        "sub",
                        UUID.randomUUID().toString(),
                        "shop",
                        shop,
                        "exp",
                        Tokens.in(Duration.ofHours(1)))))
                .connect(service.url());
    }

    private static SupabaseChannel join(SupabaseClient client, String channel) {
        return client.join(channel, List.of("*"), Map.of("private", true)).awaitSubscribed();
    }

    private void order(String shop, String customer) {
        database.execute("INSERT INTO \"Shop Floor\".\"Orders\" (shop, \"customer id\", total, tags, notes) VALUES ('"
                + shop + "', " + customer + ", 12.50, '{\"a,b\",c}', '{\"gift\": true}')");
    }

    private void change(String assignment) {
        database.execute("UPDATE \"Shop Floor\".\"Orders\" SET " + assignment + " WHERE id = 1");
    }

    @Test
    void an_orders_way_from_pending_to_cancelled_is_told_on_each_of_its_channels() {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = member(service, "mill")) {
            SupabaseChannel shop = join(client, "shop:mill");
            SupabaseChannel order = join(client, "shop:mill:order:1");
            SupabaseChannel customer = join(client, "shop:mill:customer:9");

            order("mill", "9");
            change("status = 'paid'");
            change("total = 13");
            change("status = 'shipped', wanted = 'paid', remark = 'soon'");
            change("status = 'cancelled'");
            database.execute("DELETE FROM \"Shop Floor\".\"Orders\"");

            List<Delivery> told = shop.awaitDeliveries(6);
            assertThat(told)
                    .extracting(Delivery::event)
                    .containsExactly(
                            "order:placed", "order:paid", "order:shipped", "order:wanted", "order:over", "order:over");
            assertThat(record(told.get(0)))
                    .isEqualTo(
                            Json.read("{\"id\":1,\"total\":12.50,\"tags\":[\"a,b\",\"c\"],\"notes\":{\"gift\":true}}"));
            assertThat(record(told.get(1))).isEqualTo(Json.read("{\"status\":\"paid\",\"customer id\":9}"));
            assertThat(told.get(1).payload().at("/old_record/status").asText()).isEqualTo("pending");
            assertThat(record(told.get(3))).isEqualTo(Json.read("{\"wanted\":\"paid\"}"));
            assertThat(order.awaitDeliveries(1)).extracting(Delivery::event).containsExactly("order:paid");
            assertThat(customer.awaitDeliveries(1)).extracting(Delivery::event).containsExactly("order:placed");
        }
    }

    private static JsonNode record(Delivery delivery) {
        return delivery.payload().path("record");
    }

    @Test
    void a_channel_that_a_null_cannot_name_is_left_out_and_the_others_are_told() {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = member(service, "mill")) {
            SupabaseChannel shop = join(client, "shop:mill");

            order("mill", "NULL");

            assertThat(shop.awaitDeliveries(1)).extracting(Delivery::event).containsExactly("order:placed");
            await().untilAsserted(() ->
                    assertThat(service.details().body()).containsPattern("\"changes_without_event\":\\{[^}]*1"));
        }
    }

    @Test
    void a_shop_hears_nothing_of_another_and_cannot_join_its_channels() {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient mill = member(service, "mill");
                SupabaseClient inn = member(service, "inn")) {
            SupabaseChannel ofMill = join(mill, "shop:mill");
            SupabaseChannel refused = inn.join("shop:mill", List.of("*"), Map.of("private", true));
            refused.awaitStatus("CHANNEL_ERROR");

            order("inn", "1");
            order("mill", "1");

            assertThat(record(ofMill.awaitDeliveries(1).getFirst()).path("id").asInt())
                    .isEqualTo(2);
            assertThat(refused.deliveries()).isEmpty();
        }
    }

    @Test
    void a_composite_key_without_a_full_identity_names_channels_also_of_what_is_deleted() {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = member(service, "mill")) {
            SupabaseChannel line = join(client, "shop:mill:lines:7:2");

            database.execute("INSERT INTO \"Shop Floor\".order_lines VALUES (7, 2, 'nail', 1)");
            database.execute("UPDATE \"Shop Floor\".order_lines SET qty = 5");
            database.execute("DELETE FROM \"Shop Floor\".order_lines");

            List<Delivery> told = line.awaitDeliveries(2);
            assertThat(told).extracting(Delivery::event).containsExactly("line:set", "line:gone");
            assertThat(record(told.get(0))).isEqualTo(Json.read("{\"sku\":\"nail\",\"qty\":5}"));
            assertThat(told.get(1).payload().path("old_record")).isEqualTo(Json.read("{\"order_id\":7,\"line\":2}"));
        }
    }

    @Test
    void a_partitioned_table_is_heard_under_its_own_name_when_it_is_published_so() {
        database.execute(ROOT);
        UUID parcel = UUID.randomUUID();
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = member(service, "mill")) {
            SupabaseChannel channel = join(client, "shop:mill:parcel:" + parcel);

            database.execute("INSERT INTO \"Shop Floor\".scans VALUES (3, '2026-05-05', '" + parcel + "')");

            assertThat(record(channel.awaitEvent("parcel:scanned"))).isEqualTo(Json.read("{\"id\":3}"));
        }
    }

    @Test
    void the_doctor_says_how_a_partitioned_table_is_to_be_published() throws IOException {
        assertThat(doctor())
                .anyMatch(line -> line.contains("names of their partitions") && line.contains("Shop Floor.scans"))
                .anyMatch(line -> line.contains("SET (publish_via_partition_root = true);"))
                .noneMatch(line -> line.contains("ADD TABLE"));

        database.execute(ROOT);
        assertThat(doctor()).noneMatch(line -> line.contains("partition"));
    }

    @Test
    void a_text_that_is_no_value_of_its_enum_is_told_with_its_place_wherever_the_file_is_looked_at() throws Exception {
        String mistake = file
                + ":15:75: the enum of \"status\" has no value \"payed\"; it has pending, paid, shipped, cancelled";
        String ofWanted = file + ":33:48: the enum of \"wanted\" has no value \"Pending\"";
        Files.writeString(
                file,
                RULES.replace("new.status == \"paid\"", "new.status == \"payed\"")
                        .replace("!= \"pending\"", "!= \"Pending\""));

        String told = String.join("\n", doctor());
        assertThat(told).contains("FAIL").contains(mistake).contains(ofWanted);
        try (ServiceProcess service = settings().start()) {
            assertThat(service.awaitEnd(Duration.ofSeconds(30))).isEqualTo(2);
            assertThat(service.log())
                    .anyMatch(line -> line.contains(mistake))
                    .anyMatch(line -> line.contains(ofWanted));
        }
    }

    @Test
    void a_value_that_is_added_to_the_enum_may_be_named_from_the_next_reading_on() throws Exception {
        try (ServiceProcess service = settings().startHealthy();
                SupabaseClient client = member(service, "mill")) {
            SupabaseChannel shop = join(client, "shop:mill");
            Files.writeString(file, RULES.replace("[\"cancelled\"]", "[\"cancelled\", \"refunded\"]"));

            service.hangUp();
            service.awaitLog("has no value \"refunded\"");
            database.execute("ALTER TYPE \"Shop Floor\".order_state ADD VALUE 'refunded'");
            service.hangUp();
            service.awaitLog("Read the mapping .* again");
            order("mill", "1");
            change("status = 'refunded'");

            assertThat(shop.awaitDeliveries(2))
                    .extracting(Delivery::event)
                    .containsExactly("order:placed", "order:over");
        }
    }

    private List<String> doctor() throws IOException {
        Path config = Files.writeString(
                folder.resolve("config.yaml"),
                "DATABASE_URL: \"postgres://" + Database.SERVICE_ROLE + ":" + Database.SERVICE_PASSWORD + "@"
                        + database.server().host() + ":" + database.server().port() + "/" + database.name()
                        + "\"\nCAMPFIRE_MAPPING: \"" + file + "\"\n");
        try (Launcher doctor = Launcher.run("doctor", "--config", config.toString())) {
            doctor.awaitExit();
            return doctor.lines();
        }
    }
}
