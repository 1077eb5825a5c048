package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Whether everything that clients should see is published, whole, and under policies. */
final class PublicationChecks {

    private static final String NAME = "publication";
    private static final String NO_TABLE = "no table is published";

    private static final Query PUBLICATION = new Query("""
            SELECT pubinsert, pubupdate, pubdelete, pubtruncate,
                   format('ALTER PUBLICATION %I SET (publish = ''insert, update, delete, truncate'');', pubname)
              FROM pg_publication WHERE pubname = ?
            """);
    private static final Query CREATE = new Query("""
            SELECT concat(format('CREATE PUBLICATION %I', ?::text),
                          ' FOR TABLE ' || string_agg(format('%I.%I', nspname, relname), ', ' ORDER BY relname),
                          ';')
              FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
             WHERE nspname = 'public' AND relkind IN ('r', 'p')
               AND relname IN ('messages', 'conversations', 'organization_members')
            """);
    private static final Query PUBLISHED = new Query("""
            SELECT format('%I.%I', schemaname, tablename) FROM pg_publication_tables
             WHERE pubname = ? AND schemaname <> 'realtime' ORDER BY 1
            """);
    // A partitioned table is listed by its partitions, unless it is published by its root.
    private static final Query UNPUBLISHED = new Query("""
            SELECT 'public.' || wanted.name || CASE WHEN c.oid IS NULL THEN ' (does not exist)' ELSE '' END,
                   CASE WHEN c.oid IS NOT NULL
                        THEN format('ALTER PUBLICATION %I ADD TABLE public.%I;', pubname, wanted.name) END
              FROM pg_publication
             CROSS JOIN unnest(ARRAY['messages', 'conversations', 'organization_members']) AS wanted (name)
              LEFT JOIN pg_class c ON c.relname = wanted.name AND c.relkind IN ('r', 'p')
                   AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'public')
             WHERE pubname = ?
               AND NOT EXISTS (SELECT FROM pg_publication_tables p
                                 JOIN pg_namespace n ON n.nspname = p.schemaname
                                 JOIN pg_class published ON published.relnamespace = n.oid
                                      AND published.relname = p.tablename
                                WHERE p.pubname = pg_publication.pubname
                                  AND (published.oid = c.oid
                                       OR published.oid IN (SELECT relid FROM pg_partition_tree(c.oid))))
            """);
    private static final Query NOT_FULL = new Query("""
            SELECT format('%I.%I', nspname, relname),
                   format('ALTER TABLE %I.%I REPLICA IDENTITY FULL;', nspname, relname)
              FROM pg_publication_tables p
              JOIN pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
             WHERE pubname = ? AND relreplident <> 'f' AND nspname <> 'realtime'
             ORDER BY 1
            """);
    private static final Query UNPROTECTED = new Query("""
            SELECT format('%I.%I', nspname, relname),
                   format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY;', nspname, relname)
              FROM pg_publication_tables p
              JOIN pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
             WHERE pubname = ? AND NOT relrowsecurity AND nspname <> 'realtime'
             ORDER BY 1
            """);

    private final String publication;

    PublicationChecks(CaptureNames names) {
        this.publication = names.publication();
    }

    /** The publication is there and publishes every operation. */
    Check exists() {
        return new Check(NAME, this::publication);
    }

    private Finding publication(Connection connection) throws SQLException {
        Optional<Finding> found = PUBLICATION.first(
                connection,
                row -> judgeOperations(
                        row.getBoolean(1) && row.getBoolean(2) && row.getBoolean(3),
                        row.getBoolean(4),
                        row.getString(5)),
                publication);
        if (found.isPresent()) {
            return found.get();
        }
        return Finding.fail(
                NAME,
                publication + " does not exist; `campfire init` creates it with its tables",
                CREATE.one(connection, row -> row.getString(1), publication));
    }

    private Finding judgeOperations(boolean rows, boolean truncate, String remedy) {
        if (!rows) {
            return Finding.fail(NAME, publication + " does not publish each of insert, update and delete", remedy);
        }
        return truncate
                ? Finding.ok(NAME, publication + " publishes insert, update, delete, truncate")
                : Finding.warn(NAME, publication + " does not publish truncate: nobody hears of it", remedy);
    }

    /** The tables of the standards are published. */
    Check tables() {
        return new Check("published tables", this::publishedTables);
    }

    private Finding publishedTables(Connection connection) throws SQLException {
        List<String> published = PUBLISHED.texts(connection, publication);
        List<Defect> missing = Defect.find(connection, UNPUBLISHED, publication);
        // Without a publication there is one thing to mend, and its own check says so.
        String text = published.isEmpty() ? NO_TABLE : String.join(", ", published);
        return missing.isEmpty()
                ? Finding.ok("published tables", text)
                : Finding.warn(
                        "published tables", text + "; missing: " + Defect.subjects(missing), Defect.remedies(missing));
    }

    /** Old rows come whole. */
    Check replicaIdentity() {
        return everyTable(
                "replica identity", NOT_FULL, "FULL", "not FULL, so an UPDATE or DELETE carries no whole old row: ");
    }

    /** Policies are in force. */
    Check rowSecurity() {
        return everyTable(
                "row security",
                UNPROTECTED,
                "enabled",
                "not enabled, so whoever may SELECT the table sees every row, of all organisations: ");
    }

    private Check everyTable(String name, Query exceptions, String rule, String complaint) {
        return new Check(name, connection -> {
            List<Defect> found = Defect.find(connection, exceptions, publication);
            boolean none = PUBLISHED.texts(connection, publication).isEmpty();
            return found.isEmpty()
                    ? Finding.ok(name, none ? NO_TABLE : rule + " on every published table")
                    : Finding.warn(name, complaint + Defect.subjects(found), Defect.remedies(found));
        });
    }
}
