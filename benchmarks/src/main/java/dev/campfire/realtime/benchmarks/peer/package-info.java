/**
 * Other servers that send one message to many websockets, with what is needed to run them under the same load: found where
 * they are installed, never installed; each of one process, on the processors of what is measured.
 */
@NullMarked
package dev.campfire.realtime.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
