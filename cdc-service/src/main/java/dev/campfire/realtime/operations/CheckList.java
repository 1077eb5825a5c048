package dev.campfire.realtime.operations;

import java.time.InstantSource;
import java.util.List;

/** The checks of the doctor. */
public final class CheckList {

    private final ServerChecks server;
    private final CapacityChecks capacity;
    private final RoleChecks roles = new RoleChecks();
    private final PublicationChecks publication;
    private final PrivilegeChecks privileges;
    private final PolicyChecks policies;
    private final BackfillChecks backfill;
    private final SlotChecks slot;
    private final TypeChecks types = new TypeChecks();

    /** @param clock this machine's, against which the server's is compared */
    public CheckList(CaptureNames names, InstantSource clock) {
        this.server = new ServerChecks(clock);
        this.capacity = new CapacityChecks(names);
        this.publication = new PublicationChecks(names);
        this.privileges = new PrivilegeChecks(names);
        this.policies = new PolicyChecks(names);
        this.backfill = new BackfillChecks(names);
        this.slot = new SlotChecks(names);
    }

    /** All, in the order in which a reader mends them: what is missing further up makes what is below fail too. */
    public List<Check> everything() {
        return List.of(
                server.version(),
                server.walLevel(),
                server.primary(),
                roles.replication(),
                capacity.replicationSlots(),
                capacity.walSenders(),
                publication.exists(),
                types.readable(),
                slot.state(),
                publication.tables(),
                publication.replicaIdentity(),
                publication.rowSecurity(),
                roles.clientRoles(),
                privileges.claimFunctions(),
                privileges.privileges(),
                policies.nameable(),
                backfill.backfill(),
                slot.lag(),
                slot.walLimit(),
                server.synchronousCommit(),
                server.clockDifference());
    }
}
