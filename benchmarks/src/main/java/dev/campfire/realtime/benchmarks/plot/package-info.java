/** What was measured as a picture: bars and curves with their spread, as SVG that is readable in dark and in light. */
@NullMarked
package dev.campfire.realtime.benchmarks.plot;

import org.jspecify.annotations.NullMarked;
