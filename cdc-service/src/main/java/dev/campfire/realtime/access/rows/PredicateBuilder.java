package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.rows.Predicate.OneByOne;
import dev.campfire.realtime.access.rows.Predicate.Together;
import dev.campfire.realtime.access.rows.RightsReader.Attribute;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Relation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the predicate of one table for one role that its policies bind. Blocking; for one use.
 *
 * <p>A statement that judges many viewers is made only where it is proved to answer as the policies would: all that they
 * call is pure or reads claims, and all that they read are plain tables whose own policies can be written out. Everything
 * else is put to Postgres as the viewer's role.
 */
final class PredicateBuilder {

    /** What the tables of a question are called within it; no column of a table is, see {@link #isNameable}. */
    private static final String NUMBER = "\"$n\"";

    private static final String VIEWER = "\"$viewer\"";

    private final RightsReader rights;
    private final PolicyReader catalog;
    private final Relation relation;
    private final PolicyTable table;
    private final String role;
    private final long roleOid;
    private final Map<String, Attribute> attributes;

    PredicateBuilder(
            RightsReader rights,
            PolicyReader catalog,
            Relation relation,
            PolicyTable table,
            String role,
            long roleOid,
            Map<String, Attribute> attributes) {
        this.rights = rights;
        this.catalog = catalog;
        this.relation = relation;
        this.table = table;
        this.role = role;
        this.roleOid = roleOid;
        this.attributes = attributes;
    }

    /** The predicate on images; one that never holds when images can't be judged and rows have to be looked up. */
    Predicate build() throws SQLException {
        List<Policy> policies = rights.policiesFor(table, roleOid);
        if (policies.stream().noneMatch(Policy::isPermissive)) {
            return new Predicate.Never("no policy of the table lets the role " + role + " see rows");
        }
        Set<String> read = new TreeSet<>();
        policies.forEach(policy -> read.addAll(policy.columns()));
        List<ImageColumn> columns = RightsReader.imageColumns(relation, read, attributes);
        boolean needsRow = columns.size() < read.size()
                || !isNameable()
                || policies.stream().anyMatch(policy -> policy.expression().hasWholeRow());
        if (needsRow) {
            return new Predicate.Never("its policies read more than the change tells");
        }
        if (!rights.mayName(policies, Set.of(), roleOid)) {
            // The policies can't be put to Postgres as this role, but Postgres can be asked for the row.
            return new Predicate.Never("its policies name what is in a schema that the role " + role + " may not use");
        }
        Grounds grounds = new Grounds(catalog, rights, roleOid);
        grounds.add(policies);
        OneByOne alone = oneByOne(policies, columns, grounds);
        Together together = grounds.areProved() ? together(policies, columns, grounds, alone) : null;
        return together == null ? alone : together;
    }

    /** Names with a dollar sign in front are ours. */
    private boolean isNameable() {
        return attributes.keySet().stream().noneMatch(name -> name.startsWith("$"));
    }

    private OneByOne oneByOne(List<Policy> policies, List<ImageColumn> columns, Grounds grounds) {
        String sql = "SELECT " + Sql.quoted(table.ruled()) + "." + NUMBER + " FROM " + images(columns) + " WHERE "
                + condition(policies.stream()
                        .map(policy -> new Part(policy.isPermissive(), policy.sql()))
                        .toList());
        return new OneByOne(role, columns, sql, grounds.areLasting(), grounds.reads(), grounds.basis());
    }

    /** The images, as a table under the name of the one that they are of. JSON can't be NULL and a value at once. */
    private String images(List<ImageColumn> columns) {
        StringBuilder out = new StringBuilder("(SELECT ").append(NUMBER);
        StringBuilder types = new StringBuilder(NUMBER).append(" int4");
        for (ImageColumn column : columns) {
            String name = Sql.quoted(column.name());
            out.append(", ").append(name);
            if (column.isJson()) {
                out.append("::").append(column.type()).append(" AS ").append(name);
            }
            types.append(", ").append(name).append(' ').append(column.isJson() ? "text" : column.type());
        }
        return out + " FROM pg_catalog.json_to_recordset(?::pg_catalog.json) AS \"$image\"(" + types + ")) AS "
                + Sql.quoted(table.ruled());
    }

    private record Part(boolean isPermissive, String sql) {}

    private static String condition(List<Part> parts) {
        String permissive = parts.stream()
                .filter(Part::isPermissive)
                .map(part -> "(" + part.sql() + ")")
                .collect(Collectors.joining(" OR ", "(", ")"));
        // Those that narrow come first, and in the order of their names.
        String restrictive = parts.reversed().stream()
                .filter(part -> !part.isPermissive())
                .map(part -> "(" + part.sql() + ") AND ")
                .collect(Collectors.joining());
        return restrictive + permissive;
    }

    private @Nullable Together together(
            List<Policy> policies, List<ImageColumn> columns, Grounds grounds, OneByOne alone) throws SQLException {
        RightsReader.Actor actor = rights.actor();
        List<Routine> claims = grounds.claims();
        if (actor == null || !mayAsk(actor, policies, grounds)) {
            return null;
        }
        List<Part> parts = new ArrayList<>();
        for (Policy policy : policies) {
            String sql =
                    policy.shadowSql() == null ? null : withoutClaims(policy.shadowSql(), policy.expression(), claims);
            if (sql == null) {
                return null;
            }
            parts.add(new Part(policy.isPermissive(), sql));
        }
        String shadows = shadows(grounds, claims);
        if (shadows == null) {
            return null;
        }
        String own = Sql.quoted(table.ruled());
        String sql = "SELECT \"$case\".\"$i\", \"$case\".\"$v\""
                + " FROM unnest(?::int4[], ?::int4[]) AS \"$case\"(\"$i\", \"$v\")"
                + " JOIN " + images(columns) + " ON " + own + "." + NUMBER + " = \"$case\".\"$i\""
                + " JOIN " + viewers(claims) + " ON " + VIEWER + "." + NUMBER + " = \"$case\".\"$v\""
                + " CROSS JOIN LATERAL (" + shadows + "SELECT (" + condition(parts)
                + ") AS \"$visible\") AS \"$verdict\""
                + " WHERE \"$verdict\".\"$visible\"";
        String path = catalog.path(grounds.directReads());
        return new Together(
                role,
                columns,
                sql,
                claims,
                alone.isLasting(),
                alone.reads(),
                actor.name(),
                path.isEmpty() ? "''" : path,
                alone);
    }

    /** Whether the role that judges many may do all that the policies do, and those of the tables that they read. */
    private boolean mayAsk(RightsReader.Actor actor, List<Policy> policies, Grounds grounds) throws SQLException {
        List<Policy> written = new ArrayList<>(policies);
        for (PolicyTable read : grounds.direct()) {
            written.addAll(rights.policiesFor(read, roleOid));
        }
        Set<Long> claims = grounds.claims().stream().map(Routine::oid).collect(Collectors.toSet());
        return rights.mayName(written, claims, actor.oid())
                && rights.mayUse(grounds.directReads(), grounds.called(), actor.oid());
    }

    private static String viewers(List<Routine> claims) {
        if (claims.isEmpty()) {
            return "(SELECT 1 AS " + NUMBER + ") AS " + VIEWER;
        }
        StringBuilder out = new StringBuilder("(SELECT ").append(NUMBER);
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < claims.size(); i++) {
            out.append(", ")
                    .append(claim(i))
                    .append("::")
                    .append(claims.get(i).type())
                    .append(" AS ")
                    .append(claim(i));
            names.append(claim(i)).append(", ");
        }
        String arrays = String.join(", ", java.util.Collections.nCopies(claims.size(), "?::text[]"));
        return out + " FROM unnest(" + arrays + ") WITH ORDINALITY AS \"$claims\"(" + names + NUMBER + ")) AS "
                + VIEWER;
    }

    private static String claim(int index) {
        return "\"$c" + index + "\"";
    }

    /** The expression with columns of the viewer where it calls functions that read claims; null when that fails. */
    private static @Nullable String withoutClaims(String sql, StoredExpression expression, List<Routine> claims) {
        String out = sql;
        for (int i = 0; i < claims.size(); i++) {
            Integer calls = expression.calls().get(claims.get(i).oid());
            if (calls != null) {
                String replaced = CallText.replace(out, claims.get(i), VIEWER + "." + claim(i), calls)
                        .orElse(null);
                if (replaced == null) {
                    return null;
                }
                out = replaced;
            }
        }
        return out;
    }

    /** Common table expressions that show of each table that is read what the role would see of it; null for "can't". */
    private @Nullable String shadows(Grounds grounds, List<Routine> claims) throws SQLException {
        Set<String> names = new HashSet<>(Set.of(table.ruled()));
        StringBuilder out = new StringBuilder();
        for (PolicyTable read : grounds.direct()) {
            if (!names.add(read.name())) {
                return null;
            }
            String rows = rows(read, claims);
            if (rows == null) {
                return null;
            }
            out.append(out.isEmpty() ? "WITH " : ", ")
                    .append(Sql.quoted(read.name()))
                    .append(" AS NOT MATERIALIZED (")
                    .append(rows)
                    .append(')');
        }
        return out.isEmpty() ? "" : out.append(' ').toString();
    }

    private @Nullable String rows(PolicyTable read, List<Routine> claims) throws SQLException {
        String all = "SELECT * FROM " + Sql.quoted(read.schema()) + "." + Sql.quoted(read.name());
        if (!rights.isBound(read, role)) {
            return all;
        }
        List<Part> parts = new ArrayList<>();
        for (Policy policy : rights.policiesFor(read, roleOid)) {
            // A policy within a policy that reads tables of its own is left to Postgres.
            String sql = policy.expression().relations().isEmpty()
                    ? withoutClaims(policy.sql(), policy.expression(), claims)
                    : null;
            if (sql == null) {
                return null;
            }
            parts.add(new Part(policy.isPermissive(), sql));
        }
        return parts.stream().anyMatch(Part::isPermissive) ? all + " WHERE " + condition(parts) : all + " WHERE false";
    }

    /** What looks rows up by their keys; null without a key that the role may read. */
    @Nullable
    Reread reread() {
        List<ImageColumn> key = new ArrayList<>();
        List<ImageColumn> shown = new ArrayList<>();
        List<Column> published = relation.columns();
        for (int i = 0; i < published.size(); i++) {
            Attribute attribute = attributes.get(published.get(i).name());
            boolean isInKey = published.get(i).inPrimaryKey();
            if (attribute == null || !attribute.isReadable()) {
                if (isInKey) {
                    return null;
                }
                continue;
            }
            ImageColumn column = new ImageColumn(i, attribute.name(), attribute.type(), attribute.isJson());
            shown.add(column);
            if (isInKey) {
                key.add(column);
            }
        }
        if (key.isEmpty() || !isNameable()) {
            return null;
        }
        String name = Sql.quoted(table.schema()) + "." + Sql.quoted(table.name());
        return Reread.of(role, name, NUMBER, key, shown);
    }
}
