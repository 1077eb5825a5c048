package dev.campfire.realtime.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What Postgres's catalogue says about everything that the SQL files touch, with the transaction that wrote each row: two
 * are equal only if nothing was written in between, not even the same again.
 */
record Catalogue(List<String> rows) {

    private static final List<String> QUERIES = List.of(
            "SELECT c.oid, c.xmin, relname, relkind, relreplident, relrowsecurity, relacl FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                    + " WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY c.oid",
            "SELECT xmin, attrelid, attname, attnotnull, attacl FROM pg_attribute WHERE attrelid >= 16384"
                    + " ORDER BY attrelid, attnum",
            "SELECT xmin, * FROM pg_policy ORDER BY oid",
            "SELECT xmin, * FROM pg_publication ORDER BY oid",
            "SELECT xmin, * FROM pg_publication_rel ORDER BY oid",
            "SELECT xmin, * FROM pg_namespace ORDER BY oid",
            "SELECT xmin, * FROM pg_proc WHERE oid >= 16384 ORDER BY oid",
            "SELECT xmin, * FROM pg_trigger ORDER BY oid",
            "SELECT xmin, * FROM pg_constraint ORDER BY oid",
            "SELECT xmin, * FROM pg_authid ORDER BY oid",
            "SELECT xmin, * FROM pg_auth_members ORDER BY roleid, member",
            "SELECT xmin, oid, datname, datacl FROM pg_database ORDER BY oid",
            "SELECT count(*) FROM pg_depend",
            "SELECT count(*) FROM pg_shdepend");

    static Catalogue read(Connection superuser) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (String query : QUERIES) {
            try (Statement statement = superuser.createStatement();
                    ResultSet found = statement.executeQuery("SELECT found::text FROM (" + query + ") AS found")) {
                while (found.next()) {
                    rows.add(found.getString(1));
                }
            }
        }
        return new Catalogue(rows);
    }
}
