package dev.campfire.realtime.console;

import dev.campfire.realtime.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks Postgres about the slot, once at a time and only while somebody wants to know. Safe for use by several threads.
 */
final class SlotWatch {

    /** Nobody has asked for so long: nobody looks any more. */
    private static final Duration INTEREST = Duration.ofSeconds(5);

    private static final String QUESTION = """
            SELECT active, confirmed_flush_lsn::text, restart_lsn::text, pg_current_wal_lsn()::text,
                   pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint, wal_status, safe_wal_size
            FROM pg_replication_slots WHERE slot_name = ?""";

    private final Database database;
    private final String slot;
    private final InstantSource clock;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile Instant wanted = Instant.MIN;
    private volatile Look last = new Look(null, null, null);

    /**
     * What was found.
     *
     * @param state null when there is no such slot, or when Postgres did not answer
     * @param problem why nothing is known, in a sentence; null when something is
     * @param at when Postgres answered or did not; null before the first time
     */
    record Look(
            @Nullable SlotState state,
            @Nullable String problem,
            @Nullable Instant at) {}

    SlotWatch(Database database, String slot, InstantSource clock) {
        this.database = database;
        this.slot = slot;
        this.clock = clock;
    }

    String slot() {
        return slot;
    }

    /** What was found last; from now on, for some seconds, it is looked at again and again. */
    Look look() {
        Instant before = wanted;
        wanted = clock.instant();
        if (!isWanted(before)) {
            ask();
        }
        return last;
    }

    /** Asks anew when somebody wants to know. Does not wait. */
    void tick() {
        if (isWanted(wanted)) {
            ask();
        } else {
            last = new Look(null, null, null);
        }
    }

    /** How far it is behind, as far as that is known just now. */
    @Nullable
    Long lagBytes() {
        SlotState state = last.state();
        return state == null ? null : state.lagBytes();
    }

    private boolean isWanted(Instant since) {
        return since.isAfter(clock.instant().minus(INTEREST));
    }

    private void ask() {
        if (!isAsking.compareAndSet(false, true)) {
            return;
        }
        database.askLater(this::read).whenComplete((state, failure) -> {
            last = failure == null ? found(state) : new Look(null, "Postgres does not answer", clock.instant());
            isAsking.set(false);
        });
    }

    private Look found(Optional<SlotState> state) {
        return new Look(
                state.orElse(null), state.isPresent() ? null : "There is no slot of this name", clock.instant());
    }

    private Optional<SlotState> read(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUESTION)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new SlotState(
                                row.getBoolean(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getObject(5, Long.class),
                                row.getString(6),
                                row.getObject(7, Long.class)))
                        : Optional.empty();
            }
        }
    }
}
