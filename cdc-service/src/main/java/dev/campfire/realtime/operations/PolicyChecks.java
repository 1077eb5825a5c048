package dev.campfire.realtime.operations;

import java.util.List;

/** Whether policies can be asked about a change alone, without its row. */
final class PolicyChecks {

    private static final String NAME = "policies";

    /**
     * The schemas of what a client's policies name, as far as the client may not use them. Postgres itself asks for no such privilege
     * when it applies a policy, so the tables can be read as they are. The schemas that "privileges" looks at are left to it.
     */
    private static final Query HIDDEN = new Query("""
            SELECT DISTINCT format('%I.%I (%s, for %s)', s.nspname, c.relname, n.nspname, r.rolname),
                   format('GRANT USAGE ON SCHEMA %I TO %I;', n.nspname, r.rolname)
              FROM pg_publication_tables p
              JOIN pg_namespace s ON s.nspname = p.schemaname
              JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = p.tablename AND c.relrowsecurity
              JOIN pg_policy own ON own.polrelid = c.oid AND own.polcmd IN ('r', '*')
              JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = own.oid
              JOIN LATERAL (
                SELECT pronamespace FROM pg_proc WHERE d.refclassid = 'pg_proc'::regclass AND oid = d.refobjid
                UNION ALL
                SELECT oprnamespace FROM pg_operator WHERE d.refclassid = 'pg_operator'::regclass AND oid = d.refobjid
                UNION ALL
                SELECT typnamespace FROM pg_type WHERE d.refclassid = 'pg_type'::regclass AND oid = d.refobjid
                UNION ALL
                SELECT collnamespace FROM pg_collation WHERE d.refclassid = 'pg_collation'::regclass AND oid = d.refobjid
                UNION ALL
                SELECT typnamespace FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                 WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
                   AND a.attrelid = c.oid AND a.attnum = d.refobjsubid
                UNION ALL
                SELECT relnamespace FROM pg_class WHERE d.refclassid = 'pg_class'::regclass AND oid = d.refobjid
              ) AS named (namespace) ON true
              JOIN pg_namespace n ON n.oid = named.namespace AND n.nspname <> 'auth'
               AND n.nspname NOT IN (SELECT schemaname FROM pg_publication_tables WHERE pubname = p.pubname)
              JOIN pg_roles r ON r.rolname IN ('anon', 'authenticated') AND NOT r.rolsuper AND NOT r.rolbypassrls
               AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
               AND EXISTS (SELECT FROM unnest(own.polroles) AS held (oid)
                            WHERE held.oid = 0 OR pg_has_role(r.oid, held.oid, 'USAGE'))
             WHERE p.pubname = ?
             ORDER BY 1
            """);

    private final String publication;

    PolicyChecks(CaptureNames names) {
        this.publication = names.publication();
    }

    /** The clients' roles may name all that their policies do. */
    Check nameable() {
        return new Check(NAME, connection -> {
            List<Defect> found = Defect.find(connection, HIDDEN, publication);
            return found.isEmpty()
                    ? Finding.ok(NAME, "the clients' roles may use the schemas of all that they name")
                    : Finding.warn(
                            NAME,
                            "name what is in schemas without USAGE, so each change's row has to be looked up, and"
                                    + " deleted rows are withheld: " + Defect.subjects(found),
                            Defect.remedies(found));
        });
    }
}
