package dev.campfire.realtime.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who is connected from where. Holds nothing of an address without connections. Safe for use by several threads. */
final class Addresses {

    private final SocketLimits limits;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<InetAddress, Address> all = new ConcurrentHashMap<>();

    /** An address that has connections. */
    private static final class Address {
        private final Traffic traffic;
        /** Changed within the map's own lock for this entry alone. */
        private int connections;

        Address(Traffic traffic) {
            this.traffic = traffic;
        }
    }

    Addresses(SocketLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** Counts a connection, which is to be given back by {@link #leave}; false when the address has too many. */
    boolean enter(InetAddress from) {
        boolean[] isAdmitted = new boolean[1];
        all.compute(from, (same, known) -> {
            Address address = known == null ? new Address(new Traffic(limits.address(), nanoTime)) : known;
            isAdmitted[0] = address.connections < limits.connectionsPerAddress();
            address.connections += isAdmitted[0] ? 1 : 0;
            return address.connections == 0 ? null : address;
        });
        return isAdmitted[0];
    }

    void leave(InetAddress from) {
        all.computeIfPresent(from, (same, address) -> --address.connections == 0 ? null : address);
    }

    /** What comes from all sockets of an address; null when it has none. */
    @Nullable
    Traffic traffic(InetAddress from) {
        Address address = all.get(from);
        return address == null ? null : address.traffic;
    }

    /** How many addresses there are. */
    int size() {
        return all.size();
    }
}
