/**
 * The rules of a mapping: read from YAML, checked against tables, compiled.
 *
 * <p>A file becomes {@link dev.campfire.realtime.mapping.rules.MappingRules}; these and a table's shape become a
 * {@link dev.campfire.realtime.mapping.rules.CompiledTable}, in which columns are places and conditions are programs.
 * Everything here is immutable once it is made, and safe for use by several threads.
 */
@NullMarked
package dev.campfire.realtime.mapping.rules;

import org.jspecify.annotations.NullMarked;
