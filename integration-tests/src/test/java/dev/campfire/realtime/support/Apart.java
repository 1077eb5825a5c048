package dev.campfire.realtime.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Tests that run beside those that are not marked, one class after the other, with a {@link Backend} or a server that the others do not
 * use: two rows of tests, each of which waits most of its time.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
// Whoever holds it runs alone among these, and its methods run one after the other.
@ResourceLock("dev.campfire.realtime.support.Apart")
public @interface Apart {}
