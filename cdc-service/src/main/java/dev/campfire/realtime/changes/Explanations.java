package dev.campfire.realtime.changes;

import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.JsonBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What those are told who asked why others do not get a change. */
final class Explanations {

    private Explanations() {}

    /** @param change operation and table */
    static List<Message> of(String change, long sequence, Set<String> reasons) {
        List<Message> messages = new ArrayList<>();
        for (String reason : reasons) {
            JsonBuffer out = new JsonBuffer(256);
            out.raw("{\"extension\":\"postgres_changes\",\"status\":\"withheld\",\"message\":");
            out.string(change + " withheld from " + reason);
            out.raw('}');
            messages.add(new Message.Push("system", out.toByteArray(), sequence, null));
        }
        return messages;
    }
}
