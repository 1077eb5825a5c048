package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the clients' roles can reach what is published, and whether policies can ask who is asking. */
final class PrivilegeChecks {

    // Not by to_regprocedure(), which fails without USAGE on the schema, and the service's own role has none.
    private static final Query NO_FUNCTION = new Query("""
            SELECT 'auth.' || wanted.name || '()', NULL
              FROM unnest(ARRAY['uid', 'role', 'jwt']) AS wanted (name)
             WHERE NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
                                WHERE nspname = 'auth' AND proname = wanted.name AND pronargs = 0)
            """);
    private static final Query NO_USAGE = new Query("""
            SELECT rolname || ' has no USAGE on schema ' || nspname,
                   format('GRANT USAGE ON SCHEMA %I TO %I;', nspname, rolname)
              FROM pg_namespace n, pg_roles r
             WHERE rolname IN ('anon', 'authenticated', 'service_role')
               AND (nspname = 'auth' OR nspname IN (SELECT schemaname FROM pg_publication_tables WHERE pubname = ?))
               AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
             ORDER BY nspname, rolname
            """);
    // A table may well be meant for one of the clients' roles alone, but not for none of them.
    private static final Query NO_READER = new Query("""
            SELECT format('no client may SELECT %I.%I', nspname, relname),
                   format('GRANT SELECT ON TABLE %I.%I TO authenticated, service_role;', nspname, relname)
              FROM pg_publication_tables p
              JOIN pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
             WHERE pubname = ? AND nspname <> 'realtime'
               AND NOT EXISTS (SELECT FROM pg_roles r
                                WHERE rolname IN ('anon', 'authenticated', 'service_role')
                                  AND has_any_column_privilege(r.oid, c.oid, 'SELECT'))
             ORDER BY 1
            """);

    private final String publication;

    PrivilegeChecks(CaptureNames names) {
        this.publication = names.publication();
    }

    /** The functions that policies read a token's claims with. */
    Check claimFunctions() {
        return new Check("claims", connection -> {
            List<Defect> missing = Defect.find(connection, NO_FUNCTION);
            return missing.isEmpty()
                    ? Finding.ok("claims", "auth.uid(), auth.role(), auth.jwt()")
                    : Finding.fail(
                            "claims", "missing: " + Defect.subjects(missing) + "; `campfire init` creates them", null);
        });
    }

    /** What the clients' roles may not reach, whatever the policies say. */
    Check privileges() {
        return new Check("privileges", this::unreachable);
    }

    private Finding unreachable(Connection connection) throws SQLException {
        List<Defect> defects = new ArrayList<>(Defect.find(connection, NO_USAGE, publication));
        defects.addAll(Defect.find(connection, NO_READER, publication));
        return defects.isEmpty()
                ? Finding.ok("privileges", "the clients' roles reach every published table")
                : Finding.warn("privileges", Defect.subjects(defects), Defect.remedies(defects));
    }
}
