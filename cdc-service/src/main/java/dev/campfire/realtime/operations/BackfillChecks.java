package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether rows that were there before could be told of: what that needs beyond everything else. */
final class BackfillChecks {

    private static final Query HIDDEN = new Query("""
            SELECT format('service_role may not SELECT %I.%I', nspname, relname),
                   format('GRANT SELECT ON TABLE %I.%I TO service_role;', nspname, relname)
              FROM pg_publication_tables p
              JOIN pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
              JOIN pg_roles r ON r.rolname = 'service_role'
             WHERE pubname = ? AND nspname <> 'realtime' AND NOT has_table_privilege(r.oid, c.oid, 'SELECT')
             ORDER BY 1
            """);
    private static final Query BOUND = new Query("""
            SELECT format('row-level security hides rows of %I.%I from service_role', nspname, relname),
                   'ALTER ROLE service_role BYPASSRLS;'
              FROM pg_publication_tables p
              JOIN pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
              JOIN pg_roles r ON r.rolname = 'service_role'
             WHERE pubname = ? AND nspname <> 'realtime' AND relrowsecurity AND NOT rolbypassrls AND NOT rolsuper
               AND (relforcerowsecurity OR NOT pg_has_role(r.oid, relowner, 'USAGE'))
             ORDER BY 1
            """);
    private static final Query MUTE = new Query("""
            SELECT format('%I may not write messages into the WAL', session_user),
                   format('GRANT EXECUTE ON FUNCTION %s TO %I;', p.oid::regprocedure, session_user)
              FROM pg_proc p
             WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = 'pg_logical_emit_message'
               AND proargtypes[2] = 'text'::regtype AND NOT has_function_privilege(p.oid, 'EXECUTE')
            """);

    private final String publication;

    BackfillChecks(CaptureNames names) {
        this.publication = names.publication();
    }

    /** What {@code campfire backfill} would stumble over. */
    Check backfill() {
        return new Check("backfill", this::examine);
    }

    private Finding examine(Connection connection) throws SQLException {
        List<Defect> defects = new ArrayList<>(Defect.find(connection, HIDDEN, publication));
        defects.addAll(Defect.find(connection, BOUND, publication));
        defects.addAll(Defect.find(connection, MUTE));
        return defects.isEmpty()
                ? Finding.ok("backfill", "rows that were there before can be told of")
                : Finding.warn("backfill", Defect.subjects(defects), Defect.remedies(defects));
    }
}
