package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.postgres.Organization;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.postgres.Walrus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The same users and members as those of {@link JudgedMembers}, judged by walrus. */
final class WalrusMembers {

    private final Organization organization;
    private final Walrus walrus;

    WalrusMembers(Workbench workbench, PublishedDatabase database, Path sql, int subscribers, int members)
            throws Exception {
        List<UUID> users = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            users.add(UUID.randomUUID());
        }
        this.organization = workbench.owned(new Organization(database, users.subList(0, members)));
        this.walrus = workbench.owned(Walrus.install(sql, database, users, members));
    }

    /** Changes per second, from the commit to the answer for all of a transaction, which is polled for without a pause. */
    double judged(int perTransaction, int transactions) throws Exception {
        long judging = 0;
        for (int i = 0; i < transactions; i++) {
            long start = System.nanoTime();
            organization.say(perTransaction);
            for (int missing = perTransaction; missing > 0; ) {
                missing -= walrus.judge();
            }
            judging += System.nanoTime() - start;
        }
        return (double) perTransaction * transactions / judging * 1e9;
    }
}
