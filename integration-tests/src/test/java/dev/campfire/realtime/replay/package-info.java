/** What was before: resuming, reading the journal, and what becomes of it when things break. */
@NullMarked
package dev.campfire.realtime.replay;

import org.jspecify.annotations.NullMarked;
