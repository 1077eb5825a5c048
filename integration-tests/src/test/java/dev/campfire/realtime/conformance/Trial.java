package dev.campfire.realtime.conformance;

/** A case in one version of the protocol. */
record Trial(Case tried, String version) {

    @Override
    public String toString() {
        return tried.id() + " (" + version + "): " + tried.statement();
    }
}
