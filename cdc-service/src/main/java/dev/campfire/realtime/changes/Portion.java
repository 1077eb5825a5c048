package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.Message;
import java.util.List;
import java.util.Set;

/** What some viewers of an audience get of a change. */
record Portion(Set<Viewer> viewers, List<Message> messages) {}
