package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.database.Database;
import java.util.Map;

/** Lanes on which everybody sees everything, without a database. */
public final class OpenLanes {

    private OpenLanes() {}

    public static EventLane on(ChannelHub hub) {
        DatabaseSettings nowhere = new DatabaseSettings("127.0.0.1", 1, "nowhere", "nobody", "", Map.of());
        return new EventLane(hub, new Database(nowhere, 1), new FakeVisibility());
    }
}
