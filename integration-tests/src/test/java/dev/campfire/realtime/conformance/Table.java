package dev.campfire.realtime.conformance;

import dev.campfire.realtime.support.Database;
import java.util.UUID;

/** A published table that the roles of clients may read. In statements, {@code $} is its name. */
final class Table implements AutoCloseable {

    private final Database database;
    private final String name = "t_" + UUID.randomUUID().toString().replace("-", "");

    /** @param columns what stands between the parentheses */
    Table(Database database, String columns) {
        this.database = database;
        run("CREATE TABLE $ (" + columns + "); GRANT SELECT ON $ TO anon, authenticated, service_role;"
                + " ALTER PUBLICATION supabase_realtime ADD TABLE $");
    }

    /** Without the schema, which is public. */
    String name() {
        return name;
    }

    /** Runs statements as superuser; several of them are one transaction. */
    Table run(String statements) {
        database.execute(statements.replace("$", "public." + name));
        return this;
    }

    /** The old image of a row is the whole of it from now on. */
    Table full() {
        return run("ALTER TABLE $ REPLICA IDENTITY FULL");
    }

    /** An entry of a join's {@code postgres_changes}. */
    String entry(String event) {
        return "{'event':'" + event + "','schema':'public','table':'" + name + "'}";
    }

    /** @param more further keys, with a comma in front of each */
    String entry(String event, String more) {
        return "{'event':'" + event + "','schema':'public','table':'" + name + "'" + more + "}";
    }

    /** A join's config that listens to these entries. */
    static String listening(String... entries) {
        return "{'postgres_changes':[" + String.join(",", entries) + "]}";
    }

    @Override
    public void close() {
        run("DROP TABLE IF EXISTS $");
    }
}
