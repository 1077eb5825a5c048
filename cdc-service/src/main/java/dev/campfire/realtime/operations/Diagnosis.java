package dev.campfire.realtime.operations;

import java.util.List;

/** All findings, in the order of the checks. */
public record Diagnosis(List<Finding> findings) {

    public Diagnosis {
        findings = List.copyOf(findings);
    }

    public boolean healthy() {
        return findings.stream().noneMatch(Finding::failed);
    }

    /** 0 if the service can do its work, 1 if something fails. Warnings do not count. */
    public int exitStatus() {
        return healthy() ? 0 : 1;
    }

    /** What fails, in the order of the checks. */
    public List<Finding> failures() {
        return findings.stream().filter(Finding::failed).toList();
    }
}
