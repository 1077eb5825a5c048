package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.database.Database;
import java.util.Map;

/** Lanes on which everybody sees everything, without a database. */
public final class OpenLanes {

    private OpenLanes() {}

    public static EventLane on(ChannelHub hub) {
        return new EventLane(hub, nowhere(), new FakeVisibility());
    }

    /** Tells everybody everything that they missed. */
    public static Retelling retelling() {
        return new Retelling(nowhere(), new FakeVisibility());
    }

    private static Database nowhere() {
        return new Database(new DatabaseSettings("127.0.0.1", 1, "nowhere", "nobody", "", Map.of()), 1);
    }
}
