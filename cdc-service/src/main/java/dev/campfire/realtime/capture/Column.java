package dev.campfire.realtime.capture;

/**
 * A column of a published table, as it was when the change was made.
 *
 * @param name its name, unquoted
 * @param type its type
 * @param inPrimaryKey whether it belongs to the table's primary key
 * @param inReplicaIdentity whether it belongs to the replica identity: all columns do under REPLICA IDENTITY FULL
 */
public record Column(String name, PostgresType type, boolean inPrimaryKey, boolean inReplicaIdentity) {}
