/**
 * The conversations of the chat standards as callers of the API read and write them.
 *
 * <p>What flows in are calls whose bodies have become drafts, checked field by field; what flows out are rows as JSON
 * text, or a {@link dev.campfire.realtime.conversations.Refusal}. Every statement about the application's tables runs in
 * the role that the caller's token names, with its claims in force, so that the tables' policies decide; and whoever may
 * not send on a conversation's channel may not write to it here either. Questions are asked on virtual threads.
 */
@NullMarked
package dev.campfire.realtime.conversations;

import org.jspecify.annotations.NullMarked;
