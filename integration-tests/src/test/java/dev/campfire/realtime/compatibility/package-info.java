/** The real supabase-js, unmodified, in several versions and with both serializers. */
@NullMarked
package dev.campfire.realtime.compatibility;

import org.jspecify.annotations.NullMarked;
