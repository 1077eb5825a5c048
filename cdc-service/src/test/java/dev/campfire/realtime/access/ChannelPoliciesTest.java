package dev.campfire.realtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.operations.DatabaseSetup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the shipped policies say of the standard's channels, against the standard written out here a second time. */
final class ChannelPoliciesTest {

    private static final long SEED = Long.getLong("channels.seed", System.nanoTime());
    private static final List<String> ORGANISATIONS = List.of(id(1), id(2), id(3));
    private static final List<String> USERS = List.of(id(11), id(12), id(13), id(14));
    private static final List<String> OTHERS = List.of(id(21), id(22), "typing", "x y");

    /** By organisation and user, the role; of the active ones. */
    private static final Map<String, String> MEMBERS = new HashMap<>();

    private static EmbeddedPostgres postgres;
    private static Database database;
    private static MessagesAuthority authority;

    private final Random random = new Random(SEED);

    private static String id(int number) {
        return "00000000-0000-0000-0000-0000000000" + number / 10 + number % 10;
    }

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            DatabaseSetup.shipped().apply(connection);
        }
        String[] roles = {"admin", "agent", "viewer", "agent"};
        String[] statuses = {"active", "active", "active", "suspended"};
        for (int organisation = 0; organisation < 2; organisation++) {
            for (int user = 0; user < 4; user++) {
                String role = roles[(user + organisation) % 4];
                String status = statuses[(user + organisation) % 4];
                run("INSERT INTO organization_members (organization_id, user_id, role, status) VALUES ('"
                        + ORGANISATIONS.get(organisation) + "', '" + USERS.get(user) + "', '" + role + "', '" + status
                        + "')");
                if (status.equals("active")) {
                    MEMBERS.put(ORGANISATIONS.get(organisation) + USERS.get(user), role);
                }
            }
        }
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "campfire_realtime", "", Map.of()),
                3);
        authority = new MessagesAuthority(database);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A caller: role, and claims of which each may be missing. */
    private record Caller(
            String role,
            String subject,
            @Nullable String organisation,
            @Nullable String conversation,
            @Nullable String visitor) {

        ChannelUser at(String topic) {
            ObjectNode claims =
                    new JsonMapper().createObjectNode().put("role", role).put("sub", subject);
            if (organisation != null) {
                claims.put("organization_id", organisation);
            }
            if (conversation != null) {
                claims.put("conversation_id", conversation);
            }
            if (visitor != null) {
                claims.put("visitor_id", visitor);
            }
            return new ChannelUser(new Claims(role, Instant.MAX, subject, Map.of(), claims.toString()), topic, "{}");
        }
    }

    private Caller caller() {
        return new Caller(
                any(List.of("anon", "anon", "authenticated", "authenticated", "service_role")),
                any(USERS),
                random.nextBoolean() ? null : any(ORGANISATIONS),
                random.nextBoolean() ? null : any(OTHERS),
                random.nextBoolean() ? null : any(OTHERS));
    }

    private String topic() {
        String organisation = "org:" + any(ORGANISATIONS);
        String other = any(OTHERS);
        return switch (random.nextInt(12)) {
            case 0 -> organisation;
            case 1 -> organisation + any(List.of(":conversations", ":notifications", ":metrics", ":agents:presence"));
            case 2, 3 -> organisation + ":conv:" + other;
            case 4, 5 -> organisation + ":conv:" + other + any(List.of(":typing", ":presence", ":status", ":handover"));
            case 6 -> organisation + ":user:" + any(USERS) + any(List.of("", ":notifications", ":presence"));
            case 7 -> organisation + ":widget:" + other;
            case 8 -> organisation + ":widget:visitor:" + other;
            case 9 -> organisation + ":widget:session:" + other;
            case 10 -> any(List.of("system:announcements", "system:health", "system:", "systemic"));
            default ->
                any(List.of(
                        organisation + ":conv:" + other + ":typing:more",
                        organisation + ":conv:",
                        "org:",
                        "org",
                        "org::conv:" + other,
                        organisation + ":conv:" + other + "\n:typing",
                        "x" + organisation + ":conv:" + other,
                        "room"));
        };
    }

    private static boolean mayRead(Caller caller, String topic) {
        return switch (caller.role()) {
            case "service_role" -> true;
            case "authenticated" -> topic.startsWith("system:") || isMembers(caller, topic);
            default -> topic.startsWith("system:") || isVisitors(caller, topic);
        };
    }

    private static boolean mayWrite(Caller caller, String topic, Extension extension) {
        return switch (caller.role()) {
            case "service_role" -> true;
            case "authenticated" -> {
                String role = MEMBERS.get(part(topic, 1) + caller.subject());
                yield isMembers(caller, topic) && (!"viewer".equals(role) || extension == Extension.PRESENCE);
            }
            default -> isVisitors(caller, topic);
        };
    }

    private static String part(String topic, int place) {
        String[] parts = topic.split(":", -1);
        return place < parts.length ? parts[place] : "";
    }

    private static boolean isMembers(Caller caller, String topic) {
        return topic.startsWith("org:")
                && MEMBERS.containsKey(part(topic, 1) + caller.subject())
                && (!part(topic, 2).equals("user") || part(topic, 3).equals(caller.subject()));
    }

    private static boolean isVisitors(Caller caller, String topic) {
        String[] parts = topic.split(":", -1);
        for (String part : parts) {
            if (part.isEmpty()) {
                return false;
            }
        }
        if (parts.length < 4 || !parts[0].equals("org")) {
            return false;
        }
        if (caller.organisation() != null && !caller.organisation().equals(parts[1])) {
            return false;
        }
        boolean isConversation = parts[2].equals("conv")
                && (parts.length == 4
                        || parts.length == 5
                                && List.of("typing", "presence", "status").contains(parts[4]));
        boolean isWidget = parts[2].equals("widget") && parts.length == 4;
        if (isConversation || isWidget) {
            return caller.conversation() == null || caller.conversation().equals(parts[3]);
        }
        boolean isOfWidget = parts[2].equals("widget") && parts.length == 5;
        if (isOfWidget && parts[3].equals("visitor")) {
            return caller.visitor() == null || caller.visitor().equals(parts[4]);
        }
        return isOfWidget && parts[3].equals("session");
    }

    @Test
    void random_callers_may_read_and_write_what_the_standard_lets_them() {
        System.out.println("channels.seed=" + SEED);
        List<String> wrong = new ArrayList<>();
        int allowed = 0;
        for (int i = 0; i < 1500; i++) {
            Caller caller = caller();
            String topic = topic();
            Set<Extension> readable = authority
                    .readable(caller.at(topic), EnumSet.allOf(Extension.class))
                    .toCompletableFuture()
                    .join();
            boolean expected = mayRead(caller, topic);
            allowed += expected ? 1 : 0;
            if (readable.size() != (expected ? 2 : 0)) {
                wrong.add(caller + " reads " + topic + ": " + readable + ", and should " + expected);
            }
            for (Extension extension : Extension.values()) {
                boolean writes = authority
                        .isWritable(caller.at(topic), extension)
                        .toCompletableFuture()
                        .join();
                if (writes != mayWrite(caller, topic, extension)) {
                    wrong.add(caller + " writes " + extension + " to " + topic + ": " + writes);
                }
            }
        }
        assertThat(wrong).as("seed " + SEED).isEmpty();
        assertThat(allowed).isBetween(200, 1300);
    }

    @Test
    void policies_that_are_there_are_kept_and_none_is_added() throws Exception {
        try (EmbeddedPostgres other = EmbeddedPostgres.start();
                Connection connection = other.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            DatabaseSetup.shipped().apply(connection);
            statement.execute("DO $do$ DECLARE p record; BEGIN"
                    + " FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'realtime.messages'::regclass LOOP"
                    + " EXECUTE format('DROP POLICY %I ON realtime.messages', p.polname); END LOOP; END $do$");
            statement.execute("CREATE POLICY mine ON realtime.messages FOR SELECT USING (false)");
            DatabaseSetup.shipped().apply(connection);
            try (var row = statement.executeQuery(
                    "SELECT string_agg(polname, ',') FROM pg_policy WHERE polrelid = 'realtime.messages'::regclass")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("mine");
            }
        }
    }
}
