/**
 * The journal played again: a request says from where to where, which events and how fast, a tape reads them in order, and
 * whoever listens to it writes them as lines or sends them into the channels once more.
 *
 * <p>Everything in here sees all channels: it is for whoever runs the service, and callers have to have looked who asks.
 * It blocks, on threads of its callers.
 */
@NullMarked
package dev.campfire.realtime.replay;

import org.jspecify.annotations.NullMarked;
