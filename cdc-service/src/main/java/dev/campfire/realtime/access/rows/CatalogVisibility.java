package dev.campfire.realtime.access.rows;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.database.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges by roles and privileges alone: a table that row-level security protects is shown to those whom it does not bind,
 * and to nobody else.
 *
 * <p>What was read holds for one version of a table: Postgres sends a new one before the first change after its
 * privileges or its protection have changed. Attributes and memberships of roles change without that, so they are read
 * again after half a minute.
 */
public final class CatalogVisibility implements RowVisibility {

    private static final long FRESH = Duration.ofSeconds(30).toNanos();

    private final Database database;
    private final LongSupplier nanoTime;
    /** By the identity of the version. */
    private final Cache<Relation, ConcurrentMap<String, RoleRights>> tables =
            Caffeine.newBuilder().weakKeys().build();

    public CatalogVisibility(Database database) {
        this(database, System::nanoTime);
    }

    CatalogVisibility(Database database, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
    }

    @Override
    public void observe(Change change) {
        // Nothing here depends on rows.
    }

    private ConcurrentMap<String, RoleRights> roles(Change change) {
        Relation relation = change.relation();
        if (relation == null) {
            throw new IllegalArgumentException("not the change of a row");
        }
        return tables.get(relation, any -> new ConcurrentHashMap<>());
    }

    @Override
    public List<@Nullable Sight> known(Change change, List<Viewer> viewers) {
        ConcurrentMap<String, RoleRights> roles = roles(change);
        long now = nanoTime.getAsLong();
        Map<String, Sight> sights = new HashMap<>();
        roles.forEach((role, rights) -> {
            if (now - rights.readAt() < FRESH) {
                sights.put(role, rights.sight());
            }
        });
        List<@Nullable Sight> known = new ArrayList<>(viewers.size());
        for (Viewer viewer : viewers) {
            known.add(sights.get(viewer.role()));
        }
        return known;
    }

    @Override
    public CompletionStage<List<Sight>> ask(Change change, List<Viewer> viewers) {
        ConcurrentMap<String, RoleRights> roles = roles(change);
        Relation relation = change.relation();
        return database.askLater(connection -> {
            RightsReader reader = new RightsReader(connection);
            Map<String, Sight> sights = new HashMap<>();
            for (Viewer viewer : viewers) {
                if (relation != null && !sights.containsKey(viewer.role())) {
                    RoleRights rights = reader.rights(relation, viewer.role(), nanoTime.getAsLong());
                    roles.put(viewer.role(), rights);
                    sights.put(viewer.role(), rights.sight());
                }
            }
            List<Sight> seen = new ArrayList<>(viewers.size());
            for (Viewer viewer : viewers) {
                seen.add(sights.get(viewer.role()));
            }
            return seen;
        });
    }
}
