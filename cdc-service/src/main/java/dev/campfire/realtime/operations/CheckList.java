package dev.campfire.realtime.operations;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Which checks are made when. */
public final class CheckList {

    private final ServerChecks server;
    private final CapacityChecks capacity;
    private final RoleChecks roles = new RoleChecks();
    private final PublicationChecks publication;
    private final PrivilegeChecks privileges;
    private final SlotChecks slot;

    /** @param clock this machine's, against which the server's is compared */
    public CheckList(CaptureNames names, InstantSource clock) {
        this.server = new ServerChecks(clock);
        this.capacity = new CapacityChecks(names);
        this.publication = new PublicationChecks(names);
        this.privileges = new PrivilegeChecks(names);
        this.slot = new SlotChecks(names);
    }

    /** All, in the order in which a reader mends them: what is missing further up makes what is below fail too. */
    public List<Check> everything() {
        List<Check> all = new ArrayList<>(beforeCapture());
        all.add(publication.tables());
        all.add(publication.replicaIdentity());
        all.add(publication.rowSecurity());
        all.add(roles.clientRoles());
        all.add(privileges.claimFunctions());
        all.add(privileges.privileges());
        all.add(slot.lag());
        all.add(slot.walLimit());
        all.add(server.synchronousCommit());
        all.add(server.clockDifference());
        return List.copyOf(all);
    }

    /** Those without which capture cannot start: a failure of one of them says why, better than the engine would. */
    public List<Check> beforeCapture() {
        return List.of(
                server.version(),
                server.walLevel(),
                server.primary(),
                roles.replication(),
                capacity.replicationSlots(),
                capacity.walSenders(),
                publication.exists(),
                slot.state());
    }
}
