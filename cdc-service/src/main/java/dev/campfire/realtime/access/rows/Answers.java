package dev.campfire.realtime.access.rows;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What Postgres said of cases.
 *
 * @param visible the cases in which the image is seen
 * @param failed those in which the policies failed, as a SELECT would, with the SQLSTATE: nothing is seen, and nothing is
 *     remembered
 */
record Answers(Set<Case> visible, Map<Case, String> failed) {

    Answers() {
        this(new HashSet<>(), new HashMap<>());
    }

    void add(Answers others) {
        visible.addAll(others.visible);
        failed.putAll(others.failed);
    }

    void fail(Collection<Case> cases, String state) {
        cases.forEach(one -> failed.put(one, state));
    }
}
