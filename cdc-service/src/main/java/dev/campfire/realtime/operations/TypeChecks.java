package dev.campfire.realtime.operations;

import java.util.List;

/** Whether Debezium can read the types of the database, which it does all at once when it starts. */
final class TypeChecks {

    private static final String NAME = "types";

    /** What counts as an enum and has no values: an enum that was given none, and every domain over an enum. */
    private static final Query UNREADABLE = new Query("""
            SELECT t.oid::regtype::text,
                   CASE t.typtype
                     WHEN 'e' THEN format('ALTER TYPE %s ADD VALUE ''unused'';', t.oid::regtype)
                     WHEN 'd' THEN concat(
                       (SELECT string_agg(format('ALTER TABLE %s ALTER COLUMN %I TYPE %s;', c.oid::regclass, a.attname,
                                                 t.typbasetype::regtype), E'\\n' ORDER BY c.relname, a.attnum)
                          || E'\\n'
                          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                         WHERE a.atttypid = t.oid AND c.relkind IN ('r', 'p') AND NOT c.relispartition),
                       format('DROP DOMAIN %s;', t.oid::regtype)) END
              FROM pg_type t
             WHERE t.typcategory = 'E' AND NOT EXISTS (SELECT FROM pg_enum e WHERE e.enumtypid = t.oid)
             ORDER BY t.oid
            """);

    /** All can be read. */
    Check readable() {
        return new Check(NAME, connection -> {
            List<Defect> found = Defect.find(connection, UNREADABLE);
            return found.isEmpty()
                    ? Finding.ok(NAME, "all can be read")
                    : Finding.fail(
                            NAME,
                            "enums without values and domains over enums keep changes from being read at all: "
                                    + Defect.subjects(found),
                            Defect.remedies(found));
        });
    }
}
