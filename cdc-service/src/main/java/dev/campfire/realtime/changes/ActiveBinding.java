package dev.campfire.realtime.changes;

import java.util.LinkedHashSet;
import java.util.Set;

/** A binding that somebody has subscribed to, and those who have it. Guarded by the registry's lock. */
final class ActiveBinding {

    private final long id;
    private final CheckedBinding checked;
    private final Set<Subscribers> subscribers = new LinkedHashSet<>(2);

    ActiveBinding(long id, CheckedBinding checked) {
        this.id = id;
        this.checked = checked;
    }

    long id() {
        return id;
    }

    Binding binding() {
        return checked.binding();
    }

    CheckedBinding checked() {
        return checked;
    }

    Set<Subscribers> subscribers() {
        return subscribers;
    }
}
