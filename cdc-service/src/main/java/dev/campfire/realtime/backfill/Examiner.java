package dev.campfire.realtime.backfill;

import dev.campfire.realtime.backfill.BackfillState.Phase;
import dev.campfire.realtime.capture.DatabaseSettings;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Looks whether what is asked for can be done, and how much it is. Each time on a connection of its own; blocks. */
final class Examiner {

    private final DatabaseSettings database;
    private final String publication;
    private final BiPredicate<String, String> isMapped;
    private final InstantSource clock;

    Examiner(DatabaseSettings database, String publication, BiPredicate<String, String> isMapped, InstantSource clock) {
        this.isMapped = isMapped;
        this.database = database;
        this.publication = publication;
        this.clock = clock;
    }

    /**
     * A backfill that can be done.
     *
     * @throws BackfillException when it can't
     * @throws SQLException when that can't be told now
     */
    BackfillState examine(BackfillRequest request, Phase phase) throws BackfillException, SQLException {
        RowCondition condition = condition(request);
        try (Source source = Source.open(database, publication)) {
            List<Part> parts = source.parts(request.schema(), request.table());
            if (parts.stream().noneMatch(part -> isMapped.test(part.schema(), part.table()))) {
                throw new BackfillException("No rule of the mapping is about "
                        + parts.getFirst().name()
                        + ", so nothing would be told of its rows: add one (CAMPFIRE_MAPPING).");
            }
            long estimated = 0;
            for (Part part : parts) {
                estimated += source.estimate(part, condition);
            }
            String id = UUID.randomUUID().toString().substring(0, 8);
            return BackfillState.asked(id, request, parts, phase, estimated, clock.instant());
        } catch (SQLException e) {
            if (SqlFailures.isPassing(e)) {
                throw e;
            }
            Part asked = new Part(request.schema(), request.table(), List.of());
            throw new BackfillException(SqlFailures.text(e, asked, database.user()));
        }
    }

    /** The same backfill when its rows have been counted, or could not be. */
    BackfillState count(BackfillState asked) {
        try (Source source = Source.open(database, publication)) {
            RowCondition condition = condition(asked.request());
            long rows = 0;
            for (Part part : asked.parts()) {
                rows += source.count(part, condition);
            }
            return asked.counted(rows).over(Phase.DONE, null, clock.instant());
        } catch (SQLException | BackfillException e) {
            return asked.over(Phase.FAILED, e.getMessage(), clock.instant());
        }
    }

    private static @Nullable RowCondition condition(BackfillRequest request) throws BackfillException {
        return request.where() == null ? null : RowCondition.of(request.where());
    }
}
