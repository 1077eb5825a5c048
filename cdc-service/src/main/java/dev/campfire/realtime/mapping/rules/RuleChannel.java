package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.vocabulary.ChannelName;
import dev.campfire.realtime.vocabulary.ChannelNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A template of a channel's name, compiled for a table's columns. */
final class RuleChannel {

    private final List<Part> parts;

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    /** One of the ids that say where the row belongs. */
    private record HomeId(int index) implements Part {}

    private record Value(IdColumn column, boolean ofOld) implements Part {}

    private RuleChannel(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Compiles a template.
     *
     * @param home the columns that say where a row belongs; a placeholder for one of them needs no format of its own
     */
    static RuleChannel of(ChannelTemplate template, List<IdColumn> home, RowTypes types) {
        List<Part> parts = new ArrayList<>();
        for (ChannelTemplate.Part part : template.parts()) {
            parts.add(
                    switch (part) {
                        case ChannelTemplate.Literal literal -> new Literal(literal.text());
                        case ChannelTemplate.Placeholder placeholder -> compiled(placeholder, home, types);
                    });
        }
        return new RuleChannel(parts);
    }

    private static Part compiled(ChannelTemplate.Placeholder placeholder, List<IdColumn> home, RowTypes types) {
        String name = placeholder.column().name();
        IdFormat format = placeholder.format();
        for (int i = 0; i < home.size(); i++) {
            if (home.get(i).name().equals(name)) {
                if (!placeholder.ofOld()
                        && (format == null || format == home.get(i).format())) {
                    return new HomeId(i);
                }
                format = format == null ? home.get(i).format() : format;
            }
        }
        return new Value(
                new IdColumn(name, types.indexOf(name), format == null ? IdFormat.NAME : format), placeholder.ofOld());
    }

    /** The channel's canonical name; null when a value has a flaw, or the name is too long. */
    @Nullable
    String name(Images images, Home home) {
        StringBuilder name = new StringBuilder(96);
        for (Part part : parts) {
            String text =
                    switch (part) {
                        case Literal literal -> literal.text();
                        case HomeId id -> home.ids().get(id.index());
                        case Value value -> value.column().read(images, side(value, images));
                    };
            if (text == null) {
                return null;
            }
            name.append(text);
        }
        String whole = name.toString();
        return ChannelName.fits(whole) ? ChannelNames.canonical(whole) : null;
    }

    /** Why {@link #name} gives nothing. */
    IdFlaw flaw(Images images) {
        for (Part part : parts) {
            if (part instanceof Value value && value.column().read(images, side(value, images)) == null) {
                return value.column().flaw(images, side(value, images));
            }
        }
        return IdFlaw.MALFORMED;
    }

    private static Side side(Value value, Images images) {
        return value.ofOld() ? Side.OLD : images.main();
    }
}
