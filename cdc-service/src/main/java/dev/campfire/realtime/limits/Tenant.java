package dev.campfire.realtime.limits;

import java.util.concurrent.atomic.AtomicInteger;

/** The one tenant that this service serves: its limits, which may be changed at any time, and its meters. Any thread. */
public final class Tenant {

    private final String name;
    private final RateMeter joins = new RateMeter();
    private final RateMeter events = new RateMeter();
    private final RateMeter presenceEvents = new RateMeter();
    private final RateMeter bytes = new RateMeter();
    private final RateMeter changes = new RateMeter();
    private final AtomicInteger users = new AtomicInteger();
    private volatile TenantLimits limits;

    /** @param name what a path of the tenant API calls it */
    public Tenant(String name, TenantLimits limits) {
        this.name = name;
        this.limits = limits;
    }

    public String name() {
        return name;
    }

    public TenantLimits limits() {
        return limits;
    }

    /** Sets limits that hold from now on; what already goes beyond them is left. */
    public void limit(TenantLimits limits) {
        this.limits = limits;
    }

    /** Sockets with at least one joined channel. */
    public int users() {
        return users.get();
    }

    /** A socket has joined its first channel. */
    public void userCame() {
        users.incrementAndGet();
    }

    /** A socket has left its last channel. */
    public void userLeft() {
        users.decrementAndGet();
    }

    /** Joins of all sockets. */
    public RateMeter joins() {
        return joins;
    }

    /** Broadcasts sent, delivered and posted. */
    public RateMeter events() {
        return events;
    }

    public RateMeter presenceEvents() {
        return presenceEvents;
    }

    /** Bytes of broadcasts. */
    public RateMeter bytes() {
        return bytes;
    }

    /** Messages of {@code postgres_changes}. */
    public RateMeter changes() {
        return changes;
    }
}
