/** The database under the benchmarks: an embedded Postgres, databases in it, and what is written into them. */
@NullMarked
package dev.campfire.realtime.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
