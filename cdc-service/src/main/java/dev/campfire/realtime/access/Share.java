package dev.campfire.realtime.access;

import java.util.Set;

/**
 * What some of a {@link Panel} may see of a change.
 *
 * @param viewers at least one; mostly the same object from change to change, and the panel's own set where it is all of them. Not
 *     to be changed
 */
public record Share(Sight sight, Set<Viewer> viewers) {}
