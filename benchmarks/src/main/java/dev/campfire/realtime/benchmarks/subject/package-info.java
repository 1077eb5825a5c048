/**
 * What is measured: the service as a process of its own, and what it is compared with, each reading the publication of a
 * database of its own through a slot of its own, so that the changes meant for one cost the others next to nothing.
 */
@NullMarked
package dev.campfire.realtime.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
