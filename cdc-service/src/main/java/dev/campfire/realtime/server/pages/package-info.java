/**
 * The pages that the service shows: files of the class path, each read once, when it is first asked for. A page brings along
 * everything that it is made of: nothing is fetched from another host, and its policy lets nothing be.
 */
@NullMarked
package dev.campfire.realtime.server.pages;

import org.jspecify.annotations.NullMarked;
