package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.limits.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane of {@code postgres_changes}: an index leads from a change to its audiences, and what is not known at once is
 * asked while the audiences concerned wait.
 */
public final class PostgresChangeFeed implements ChangeFeed {

    /** In one join: Postgres is asked about each, and each is kept for as long as the client stays. */
    private static final int MOST_ENTRIES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresChangeFeed.class);

    private final Registry registry = new Registry();
    private final ChannelHub hub;
    private final Database database;
    private final RowVisibility visibility;
    private final Tenant tenant;
    private final TableCatalog catalog;
    private final AtomicLong sequence = new AtomicLong();
    private final BindingCheck check;
    private final Decisions decisions;
    private final RateWarning warning = new RateWarning();

    /** @param publication the one whose tables can be subscribed to */
    public PostgresChangeFeed(
            ChannelHub hub, Database database, String publication, RowVisibility visibility, Tenant tenant) {
        this.hub = hub;
        this.database = database;
        this.visibility = visibility;
        this.tenant = tenant;
        this.catalog = new TableCatalog(database, publication);
        this.check = new BindingCheck(database, catalog);
        this.decisions = new Decisions(hub, visibility, database);
    }

    @Override
    public long sequence() {
        return sequence.get();
    }

    @Override
    public long idOf(JsonNode binding) {
        return BindingIds.idOf(binding);
    }

    @Override
    public CompletionStage<SubscribeOutcome> subscribe(Subscribing request) {
        if (request.bindings().size() > MOST_ENTRIES) {
            return CompletableFuture.completedStage(
                    new SubscribeOutcome.Refused("Too many postgres_changes in one join: "
                            + request.bindings().size() + " of " + MOST_ENTRIES
                            + " at most. Spread them over several channels, or use a filter with in."));
        }
        List<Binding> bindings = new ArrayList<>();
        try {
            for (JsonNode entry : request.bindings()) {
                bindings.add(BindingParser.parse(entry));
            }
        } catch (RefusedException e) {
            return CompletableFuture.completedStage(new SubscribeOutcome.Refused(e.reason()));
        }
        return database.later(() -> subscribe(request, bindings));
    }

    private SubscribeOutcome subscribe(Subscribing request, List<Binding> bindings) throws SQLException {
        List<CheckedBinding> checked = new ArrayList<>();
        try {
            for (Binding binding : bindings) {
                checked.add(check.check(binding, request.viewer().role()));
            }
        } catch (RefusedException e) {
            return new SubscribeOutcome.Refused(e.reason());
        }
        List<Long> ids = request.bindings().stream().map(BindingIds::idOf).toList();
        Registry.Entry entry = registry.add(request, ids, checked);
        return new SubscribeOutcome.Subscribed(entry.subscribers().audience().key(), new ChangeSubscription() {
            @Override
            public void close() {
                registry.remove(entry);
            }

            @Override
            public MissedRows missed() {
                return new MissedRows(
                        entry.subscribers(), catalog, tenant.limits().recordBytes());
            }
        });
    }

    /** Whether no change waits to be decided. Any thread. */
    public boolean isQuiet() {
        return decisions.late().isQuiet();
    }

    @Override
    public boolean concerns(Change change) throws InterruptedException {
        Relation relation = change.relation();
        if (relation == null || !isRowChange(change.operation())) {
            return false;
        }
        index(relation);
        return registry.isSubscribed(relation);
    }

    @Override
    public void publish(List<Change> changes) throws InterruptedException {
        List<Dispatch> ready = new ArrayList<>();
        for (Change change : changes) {
            sequence.incrementAndGet();
            Relation relation = change.relation();
            if (relation != null && isRowChange(change.operation())) {
                publish(change, relation, ready);
            }
        }
        if (!ready.isEmpty()) {
            hub.dispatch(ready);
        }
    }

    private static boolean isRowChange(Operation operation) {
        return switch (operation) {
            case INSERT, UPDATE, DELETE -> true;
            case TRUNCATE, MESSAGE -> false;
        };
    }

    private void publish(Change change, Relation relation, List<Dispatch> ready) throws InterruptedException {
        boolean hasNoKey = change.operation() != Operation.DELETE && !hasKey(relation);
        Map<Subscribers, List<Registry.Match>> matches = registry.match(change, relation, hasNoKey);
        while (matches == null) {
            // A subscription may take an index away again that knows too little for it.
            index(relation);
            matches = registry.match(change, relation, hasNoKey);
        }
        if (matches.isEmpty()) {
            return;
        }
        int limit = tenant.limits().eventsPerSecond();
        tenant.changes().add(matches.size());
        if (tenant.changes().perSecond() >= limit) {
            warning.note("MessagePerSecondRateLimitReached: Too many postgres changes messages per second");
            return;
        }
        ChangeData data = new ChangeData(change, relation, tenant.limits().recordBytes());
        MatchedChange matched = new MatchedChange(change, relation, data, hasNoKey, sequence.get(), false);
        Map<Audience, Offer> offers = offers(matched, matches);
        decisions.decide(new Decisions.Question(change, matched.describe(), sequence.get(), offers), ready);
    }

    /** Most changes concern one audience: that is to cost no table. */
    private static Map<Audience, Offer> offers(MatchedChange matched, Map<Subscribers, List<Registry.Match>> matches) {
        if (matches.size() == 1) {
            Map.Entry<Subscribers, List<Registry.Match>> only =
                    matches.entrySet().iterator().next();
            return Map.of(only.getKey().audience(), new RowOffer(matched, only.getKey(), only.getValue()));
        }
        Map<Audience, Offer> offers = new IdentityHashMap<>(matches.size());
        matches.forEach((some, found) -> offers.put(some.audience(), new RowOffer(matched, some, found)));
        return offers;
    }

    private static boolean hasKey(Relation relation) {
        for (Column column : relation.columns()) {
            if (column.inPrimaryKey()) {
                return true;
            }
        }
        return false;
    }

    /** Sees to it that the table's index is that of the table as it is now; held back while Postgres can't be asked. */
    private void index(Relation relation) throws InterruptedException {
        switch (registry.indexing(relation)) {
            case DONE -> {}
            case NEEDS_NOTHING -> registry.index(relation, null);
            case NEEDS_COLUMNS -> registry.index(relation, columns(relation));
        }
    }

    private Map<String, TableColumn> columns(Relation relation) throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return catalog.readColumns(Integer.toUnsignedLong(relation.oid()));
            } catch (SQLException e) {
                LOG.warn(
                        "The columns of {}.{} can't be read, changes wait: {}",
                        relation.schema(),
                        relation.table(),
                        e.getMessage());
                backoff.sleep();
            }
        }
    }

    /** What was withheld, from whom and why. */
    public WithheldChanges withheldChanges() {
        return decisions.withheldChanges();
    }

    /** How many changes were withheld because Postgres could not be asked who may have them. */
    public long withheld() {
        return decisions.late().withheld();
    }

    /** How many different subscriptions there are now. */
    public int audiences() {
        return registry.size();
    }
}
