package dev.campfire.realtime.faults;

/** What can go wrong. */
enum Fault {
    KILL_SERVICE,
    STOP_SERVICE,
    KILL_POSTGRES,
    STOP_POSTGRES,
    TERMINATE_WALSENDER,
    CUT_NETWORK,
    SILENT_NETWORK,
    SLOW_NETWORK,
    CUT_CLIENTS,
    /** The service is killed while all clients come again. */
    KILL_WHILE_RESUMING,
    LARGE_TRANSACTION,
    LARGE_ROW,
    /** The walsender ends in the middle of a transaction of many rows. */
    TERMINATE_IN_LARGE_TRANSACTION,
    ADD_AND_DROP_COLUMN,
    RENAME_TABLE,
    /** The table is taken out of the publication and put back while nobody writes to it. */
    ALTER_PUBLICATION,
    /** An operator drops the slot: each client has to be told. */
    DROP_SLOT,
    /** The journal can't be written for a while. */
    FULL_DISK,
    SWITCH_WAL
}
