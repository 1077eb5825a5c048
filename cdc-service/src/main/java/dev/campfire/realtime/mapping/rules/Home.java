package dev.campfire.realtime.mapping.rules;

import java.util.List;

/**
 * Where a row belongs: what the columns say that its table's rules name for it.
 *
 * @param ids as they are written in channels' names
 */
public record Home(List<String> ids) {

    public Home {
        ids = List.copyOf(ids);
    }
}
