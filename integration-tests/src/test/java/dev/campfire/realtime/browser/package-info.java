/** The pages in a real browser: what a person sees and does there. */
@NullMarked
package dev.campfire.realtime.browser;

import org.jspecify.annotations.NullMarked;
