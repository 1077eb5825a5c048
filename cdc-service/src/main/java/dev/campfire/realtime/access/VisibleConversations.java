package dev.campfire.realtime.access;

import dev.campfire.realtime.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks conversations up in {@code public.conversations}, in the role of whoever asks and with their claims in force. What
 * was found is remembered for the same claims for a while: it names the channel that policies are then asked about, and
 * opens nothing by itself.
 */
public final class VisibleConversations implements ConversationDirectory {

    private static final String FIND = "SELECT organization_id::text FROM public.conversations WHERE id = ?";

    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final int MOST_REMEMBERED = 10_000;

    private final Database database;
    private final LongSupplier nanoTime;

    /** Oldest first; guarded by itself. */
    private final Map<Key, Found> found = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Found> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Key(String claims, String conversation) {}

    private record Found(String organization, long at) {}

    public VisibleConversations(Database database) {
        this(database, System::nanoTime);
    }

    VisibleConversations(Database database, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletionStage<Optional<String>> organizationOf(ChannelUser user, String conversation) {
        UUID id = idOf(conversation);
        if (id == null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        Key key = new Key(user.claims().json(), conversation);
        String known = remembered(key);
        if (known != null) {
            return CompletableFuture.completedStage(Optional.of(known));
        }
        return database.askLater(connection -> Optional.ofNullable(find(connection, user, id)))
                .thenApply(organization -> {
                    organization.ifPresent(org -> remember(key, org));
                    return organization;
                })
                .exceptionally(failure -> {
                    throw MessagesAuthority.explain(failure);
                });
    }

    private static @Nullable String find(Connection connection, ChannelUser user, UUID conversation)
            throws SQLException {
        if (!Impersonation.begin(connection, user)) {
            return null;
        }
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, conversation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Only as Postgres writes it: the same conversation has one channel. */
    private static @Nullable UUID idOf(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable String remembered(Key key) {
        synchronized (found) {
            Found known = found.get(key);
            if (known != null && nanoTime.getAsLong() - known.at() < REMEMBERED.toNanos()) {
                return known.organization();
            }
            found.remove(key);
            return null;
        }
    }

    private void remember(Key key, String organization) {
        synchronized (found) {
            found.put(key, new Found(organization, nanoTime.getAsLong()));
        }
    }
}
