package dev.campfire.realtime.database;

import dev.campfire.realtime.operations.CaptureNames;
import dev.campfire.realtime.operations.CheckList;
import dev.campfire.realtime.operations.Connector;
import dev.campfire.realtime.operations.Diagnosis;
import dev.campfire.realtime.operations.Doctor;
import dev.campfire.realtime.operations.Finding;
import dev.campfire.realtime.support.Database;
import java.time.InstantSource;
import java.util.Objects;

/** What the doctor finds, as {@code campfire doctor} asks it. */
record Examination(Diagnosis diagnosis) {

    static final CaptureNames NAMES = new CaptureNames("supabase_realtime", "campfire_doctor");

    /** With the service's own login. */
    static Examination of(Database database) {
        return of(database::connectAsService);
    }

    static Examination of(Connector connector) {
        return of(connector, InstantSource.system());
    }

    static Examination of(Connector connector, InstantSource clock) {
        return new Examination(new Doctor(connector, new CheckList(NAMES, clock).everything()).examine());
    }

    /** The finding of one check. */
    Finding finding(String check) {
        return diagnosis.findings().stream()
                .filter(found -> found.name().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no finding of " + check + " in " + diagnosis));
    }

    /** The statement that a check proposes. */
    String remedy(String check) {
        return Objects.requireNonNull(finding(check).remedy(), () -> "no remedy: " + finding(check));
    }
}
