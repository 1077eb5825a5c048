package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the service's role may do what it must, and no more, and whether the clients' roles are there. */
final class RoleChecks {

    // rds_replication is what Amazon's Postgres has in the place of the attribute.
    private static final Query LOGIN = new Query("""
            SELECT rolsuper, rolbypassrls,
                   rolreplication OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'rds_replication'
                                                AND pg_has_role(current_user, r.oid, 'USAGE')),
                   current_user, format('ALTER ROLE %I REPLICATION;', current_user)
              FROM pg_roles WHERE rolname = current_user
            """);
    private static final Query MISSING = new Query("""
            SELECT wanted.name,
                   format(E'CREATE ROLE %I NOLOGIN NOINHERIT%s;\\nGRANT %1$I TO %3$I;', wanted.name,
                          CASE wanted.name WHEN 'service_role' THEN ' BYPASSRLS' ELSE '' END, current_user)
              FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) AS wanted (name)
             WHERE to_regrole(wanted.name) IS NULL
            """);
    // Until Postgres 15 every member may SET ROLE; since 16 that is an option of the membership.
    private static final Query NOT_MEMBER = new Query("""
            SELECT rolname, format('GRANT %I TO %I;', rolname, current_user)
              FROM pg_roles
             WHERE rolname IN ('anon', 'authenticated', 'service_role')
               AND NOT pg_has_role(current_user, oid,
                 CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
             ORDER BY 1
            """);
    private static final Query BOUND_SERVICE_ROLE = new Query("""
            SELECT 'service_role', 'ALTER ROLE service_role BYPASSRLS;'
              FROM pg_roles WHERE rolname = 'service_role' AND NOT rolbypassrls AND NOT rolsuper
            """);

    /** The login may read a slot, and is no more than that needs. */
    Check replication() {
        return new Check(
                "service role",
                connection -> LOGIN.one(
                        connection,
                        row -> judgeLogin(
                                row.getBoolean(1),
                                row.getBoolean(2),
                                row.getBoolean(3),
                                row.getString(4),
                                row.getString(5))));
    }

    static Finding judgeLogin(
            boolean superuser, boolean bypassesPolicies, boolean replicates, String role, String remedy) {
        if (superuser) {
            return Finding.warn(
                    "service role",
                    role + " is a superuser, more than needed: let the service log in as campfire_realtime",
                    null);
        }
        if (!replicates) {
            return Finding.fail("service role", role + " has no REPLICATION and can read no slot", remedy);
        }
        return bypassesPolicies
                ? Finding.warn(
                        "service role",
                        role + " has REPLICATION, and BYPASSRLS, which is more than needed: let the service log in as"
                                + " campfire_realtime",
                        null)
                : Finding.ok("service role", role + " has REPLICATION");
    }

    /** The clients' roles exist, and the service may become each of them. */
    Check clientRoles() {
        return new Check("client roles", RoleChecks::clientRoles);
    }

    private static Finding clientRoles(Connection connection) throws SQLException {
        List<Defect> missing = Defect.find(connection, MISSING);
        List<Defect> foreign = Defect.find(connection, NOT_MEMBER);
        List<Defect> bound = Defect.find(connection, BOUND_SERVICE_ROLE);
        List<String> texts = new ArrayList<>();
        if (!missing.isEmpty()) {
            texts.add("missing: " + Defect.subjects(missing));
        }
        if (!foreign.isEmpty()) {
            texts.add("the service may not SET ROLE to " + Defect.subjects(foreign));
        }
        if (!bound.isEmpty()) {
            texts.add("service_role is subject to row-level security");
        }
        if (texts.isEmpty()) {
            return Finding.ok("client roles", "the service may become anon, authenticated, service_role");
        }
        String text = String.join("; ", texts);
        List<Defect> all = new ArrayList<>(missing);
        all.addAll(foreign);
        all.addAll(bound);
        return missing.isEmpty() && foreign.isEmpty()
                ? Finding.warn("client roles", text, Defect.remedies(all))
                : Finding.fail("client roles", text, Defect.remedies(all));
    }
}
