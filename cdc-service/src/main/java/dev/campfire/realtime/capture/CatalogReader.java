package dev.campfire.realtime.capture;

import java.sql.SQLException;
import java.util.Set;

/** What the decoder has to look up, because the stream names it by OID alone. */
interface CatalogReader {

    /** The type of this OID; one that is not there any more is a base type named {@code unknown}. */
    PostgresType type(int oid) throws SQLException;

    /** The names of the primary key's columns; empty when the table has none or is gone. */
    Set<String> primaryKey(int relationOid) throws SQLException;

    /** Called when a table's description comes anew: users' types may have been altered with it. */
    void forgetUserTypes();
}
