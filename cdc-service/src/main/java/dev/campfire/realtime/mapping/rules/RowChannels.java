package dev.campfire.realtime.mapping.rules;

import org.jspecify.annotations.Nullable;

/** The names of a row's channels, each made once however many rules speak there. For one thread. */
public final class RowChannels {

    private final RuleChannel[] channels;
    private final Images images;
    private final Home home;
    private final @Nullable String[] names;

    RowChannels(RuleChannel[] channels, Images images, Home home) {
        this.channels = channels;
        this.images = images;
        this.home = home;
        this.names = new String[channels.length];
    }

    /**
     * The canonical name of one of a rule's channels; null when it can't be named.
     *
     * @param index which one, below {@link CompiledRule#channelCount()}
     */
    public @Nullable String name(CompiledRule rule, int index) {
        int channel = rule.channels()[index];
        String name = names[channel];
        if (name == null) {
            name = channels[channel].name(images, home);
            names[channel] = name;
        }
        return name;
    }

    /** Why {@link #name} gives nothing. */
    public IdFlaw flaw(CompiledRule rule, int index) {
        return channels[rule.channels()[index]].flaw(images);
    }
}
