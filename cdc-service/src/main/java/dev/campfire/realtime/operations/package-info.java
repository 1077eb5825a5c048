/**
 * What an operator does and sees: preparing a database ({@link dev.campfire.realtime.operations.DatabaseSetup}) and
 * telling why it does not work ({@link dev.campfire.realtime.operations.Doctor}).
 *
 * <p>A {@link dev.campfire.realtime.operations.Check} asks Postgres one question through a plain connection and answers
 * with one {@link dev.campfire.realtime.operations.Finding}. The doctor runs all of them. Everything
 * here blocks, on the caller's thread, and nothing here changes the database except {@code DatabaseSetup}.
 */
@NullMarked
package dev.campfire.realtime.operations;

import org.jspecify.annotations.NullMarked;
