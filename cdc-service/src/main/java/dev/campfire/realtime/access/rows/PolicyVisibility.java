package dev.campfire.realtime.access.rows;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.access.Judgement;
import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.database.RecentCommits;
import java.lang.ref.Reference;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges as Postgres would: by the policies, on the change's own image.
 *
 * <p>What the catalog says of a table holds for one version of it: Postgres sends a new one before the first change after
 * the table, its policies or its privileges have changed. The attributes and memberships of roles, functions, and what
 * belongs to tables that policies read change without that: so {@link #refresh} reads everything again from time to time,
 * and nothing is used that is older than {@link #FRESH}. Answers are remembered where they can be proved to hold until a
 * row of a published table changes.
 */
public final class PolicyVisibility implements RowVisibility {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyVisibility.class);

    /** For how long what was read of the catalog may be used. */
    static final Duration FRESH = Duration.ofSeconds(10);

    /** For how long changes wait for a new version of a table to be read; longer ones are asked about one by one. */
    private static final Duration LONGEST_READING = Duration.ofMillis(100);

    private final Database database;
    private final String publication;
    private final LongSupplier nanoTime;
    private final RecentCommits commits;
    private final Judge judge;

    /**
     * By the identity of the version, and by role. It is read for every change, and looks after itself meanwhile: to wake
     * another thread for that costs more.
     */
    private final Cache<Relation, ConcurrentMap<String, TableView>> tables =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

    private final Cache<Predicate.Asked, Book> books =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    /** By the identity of the panel. */
    private final Cache<Panel, Divisions> divisions =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

    /** Every table that some predicate reads, or has read. */
    private final Set<Long> tablesRead = ConcurrentHashMap.newKeySet();

    /** The version of each table that came last. Touched by the thread that observes. */
    private final Map<Integer, Relation> newest = new HashMap<>();

    /** That of the change before: mostly it is the same. Touched by the thread that observes. */
    private @Nullable Relation last;

    /** The transaction that has begun to come in parts; 0 for none. Touched by the thread that observes. */
    private long large;

    /**
     * @param publication the one that the changes come from
     * @param commits told of all that is observed
     */
    public PolicyVisibility(Database database, String publication, RecentCommits commits) {
        this(database, publication, commits, System::nanoTime);
    }

    PolicyVisibility(Database database, String publication, RecentCommits commits, LongSupplier nanoTime) {
        this.database = database;
        this.commits = commits;
        this.publication = publication;
        this.nanoTime = nanoTime;
        this.judge = new Judge(database, commits);
    }

    @Override
    public void observe(List<Change> changes, boolean areWhole) {
        changes.forEach(this::observe);
        long unfinished = areWhole || changes.isEmpty() ? 0 : changes.getLast().transactionId();
        if (unfinished != 0 && unfinished != large) {
            // What is asked from now on is answered as of the end of this transaction, what was answered before is not.
            books.asMap().values().forEach(Book::forget);
        }
        large = unfinished;
    }

    private void observe(Change change) {
        commits.note(change.transactionId());
        Relation relation = change.relation();
        if (relation == null) {
            return;
        }
        if (relation != last && newest.put(relation.oid(), relation) != relation) {
            supersede(relation);
        }
        last = relation;
        if (!tablesRead.isEmpty()) {
            long table = Integer.toUnsignedLong(relation.oid());
            if (tablesRead.contains(table)) {
                for (Book book : books.asMap().values()) {
                    if (book.predicate().reads().contains(table)) {
                        book.forget();
                    }
                }
            }
        }
    }

    /**
     * What was read of a table's older versions holds no longer, also not for what is told again of them. It is read anew
     * for the roles that it was read for: Postgres sends a version whenever it has analysed or vacuumed the table, too, and
     * then thousands of changes would each be asked about that are known when this one thing is.
     */
    private void supersede(Relation relation) {
        Map<String, TableView> former = new HashMap<>();
        tables.asMap().forEach((version, views) -> {
            if (version.oid() == relation.oid() && version != relation) {
                former.putAll(views);
                views.clear();
            }
        });
        if (former.isEmpty()) {
            return;
        }
        CompletableFuture<Boolean> reading = database.later(() -> {
            for (String role : former.keySet()) {
                read(relation, role);
            }
            return true;
        });
        try {
            reading.get(LONGEST_READING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("What may be seen of {} is not read yet", relation.table(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Their answers are kept for as long as somebody holds them; most hold for this version, too.
            Reference.reachabilityFence(former);
        }
    }

    private ConcurrentMap<String, TableView> views(Relation relation) {
        return tables.get(relation, any -> new ConcurrentHashMap<>());
    }

    private static Relation relation(Change change) {
        Relation relation = change.relation();
        if (relation == null) {
            throw new IllegalArgumentException("not the change of a row");
        }
        return relation;
    }

    @Override
    public Judgement known(Change change, Panel panel) {
        TableView view = fresh(views(relation(change)), panel.role());
        return view == null
                ? new Judgement(List.of(), panel.viewers())
                : new Look(view, change).known(panel, () -> divisions(panel));
    }

    /** There is nothing to be remembered about one viewer that is not in the books. */
    private Divisions divisions(Panel panel) {
        return panel.viewers().size() == 1 ? new Divisions() : divisions.get(panel, any -> new Divisions());
    }

    /** Rows that lie behind one another are often alike in what the policies read, and then judged alike. */
    @Override
    public List<@Nullable Sight> known(List<Change> changes, Viewer viewer) {
        List<@Nullable Sight> known = new ArrayList<>(changes.size());
        Change former = null;
        TableView view = null;
        Sight sight = null;
        for (Change change : changes) {
            if (former == null || former.relation() != change.relation()) {
                view = fresh(views(relation(change)), viewer.role());
                sight = null;
            }
            if (view != null && (sight == null || former == null || !Look.isAlike(view, former, change))) {
                sight = new Look(view, change).known(viewer);
            }
            known.add(sight);
            former = change;
        }
        return known;
    }

    private @Nullable TableView fresh(ConcurrentMap<String, TableView> views, String role) {
        TableView view = views.get(role);
        return view == null || nanoTime.getAsLong() - view.readAt() >= FRESH.toNanos() ? null : view;
    }

    @Override
    public CompletionStage<List<Share>> ask(Change change, Panel panel) {
        Relation relation = relation(change);
        TableView view = fresh(views(relation), panel.role());
        CompletableFuture<TableView> found = view != null
                ? CompletableFuture.completedFuture(view)
                : database.later(() -> read(relation, panel.role()));
        return found.thenCompose(at -> new Look(at, change).ask(panel, divisions(panel)));
    }

    /** Several who ask for the same at once wait for one. */
    private TableView read(Relation relation, String role) throws SQLException {
        ConcurrentMap<String, TableView> views = views(relation);
        synchronized (views) {
            TableView known = fresh(views, role);
            return known != null ? known : readAnew(relation, role);
        }
    }

    private TableView readAnew(Relation relation, String role) throws SQLException {
        long now = nanoTime.getAsLong();
        RoleRights rights = database.ask(connection -> {
            PolicyReader policies = new PolicyReader(connection, publication);
            PolicyTable table = policies.table(Integer.toUnsignedLong(relation.oid()));
            return new RightsReader(connection, policies).rights(relation, table, role);
        });
        Book book = rights.predicate() instanceof Predicate.Asked asked ? book(asked) : null;
        Book reread = rights.reread() == null ? null : book(rights.reread().question());
        TableView view = new TableView(rights, book, reread, rights.whole(), now);
        views(relation).put(role, view);
        return view;
    }

    /** The tables that are read are known before the first question is asked, so no change of theirs is missed. */
    private Book book(Predicate.Asked predicate) {
        tablesRead.addAll(predicate.reads());
        return books.get(predicate, asked -> new Book(asked, judge, database));
    }

    /**
     * Reads again what the catalog says of all that is in use. Blocks. To be called every few seconds: what a role may see
     * is out of date for no longer than that.
     */
    public void refresh() {
        for (Map.Entry<Relation, ConcurrentMap<String, TableView>> table :
                tables.asMap().entrySet()) {
            for (String role : table.getValue().keySet()) {
                try {
                    readAnew(table.getKey(), role);
                } catch (SQLException | RuntimeException e) {
                    // What is too old is not used: those whom it concerns wait until it can be read.
                    LOG.debug("What {} may see can't be read again: {}", role, e.getMessage());
                    return;
                }
            }
        }
    }
}
