package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.vocabulary.EventName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads a file of rules, gathering all that is wrong with it. For one thread, once. */
final class RulesReader {

    /** How much a file may hold; nobody writes so many rules by hand. */
    private static final int MOST_CHARACTERS = 1 << 20;

    /** A position counts the events of its change in eight bits. */
    static final int MOST_EVENTS = 256;

    private static final int LONGEST_NAME = 255;
    private static final Map<String, Operation> OPERATIONS =
            Map.of("INSERT", Operation.INSERT, "UPDATE", Operation.UPDATE, "DELETE", Operation.DELETE);

    private final String file;
    private final String yaml;
    private final Source source;
    private final List<Mistake> mistakes = new ArrayList<>();

    RulesReader(String file, String yaml) {
        this.file = file;
        this.yaml = yaml;
        this.source = new Source(file, yaml);
    }

    MappingRules read() throws RulesException {
        List<TableRules> tables = compose().map(this::tables).orElse(List.of());
        if (!mistakes.isEmpty()) {
            mistakes.sort(
                    Comparator.comparingInt((Mistake mistake) -> mistake.at().line())
                            .thenComparingInt(mistake -> mistake.at().column()));
            throw new RulesException(mistakes);
        }
        return new MappingRules(file, tables);
    }

    private Optional<Node> compose() {
        if (yaml.length() > MOST_CHARACTERS) {
            mistakes.add(new Mistake(source.place(1, 1), "the file has more than " + MOST_CHARACTERS + " characters"));
            return Optional.empty();
        }
        try {
            Optional<Node> root =
                    new Compose(LoadSettings.builder().setLabel(file).build()).composeString(yaml);
            if (root.isEmpty()) {
                mistakes.add(new Mistake(source.place(1, 1), "the file is empty"));
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            mistakes.add(new Mistake(
                    e.getProblemMark().map(source::place).orElseGet(() -> source.place(1, 1)),
                    "this is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            mistakes.add(unprintable(e.getMessage()));
        } catch (StackOverflowError e) {
            // Brackets in brackets in brackets: the parser goes as deep as they do, and is over with it here.
            mistakes.add(new Mistake(source.place(1, 1), "the file is nested too deeply"));
        }
        return Optional.empty();
    }

    /** Of a character that YAML does not allow the reader tells no place. */
    private Mistake unprintable(@Nullable String message) {
        int line = 1;
        int column = 1;
        for (int character : yaml.codePoints().toArray()) {
            if (!StreamReader.isPrintable(character)) {
                return new Mistake(
                        source.place(line, column),
                        "this is not YAML: the character U+%04X is not allowed".formatted(character));
            }
            column = character == '\n' ? 1 : column + 1;
            line += character == '\n' ? 1 : 0;
        }
        return new Mistake(source.place(1, 1), "this is not YAML: " + message);
    }

    private List<TableRules> tables(Node root) {
        Fields fields = new Fields(source, mistakes, root);
        ScalarText version = fields.text("version");
        if (version != null && !version.text().equals("1")) {
            fields.mistake(version.start(), "only version 1 is known");
        }
        List<TableRules> tables = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields table : fields.maps("tables")) {
            TableRules rules = table(table);
            if (rules != null && !names.add(rules.name())) {
                table.mistake(rules.at(), "the rules of " + rules.name() + " are given twice");
            }
            if (rules != null) {
                tables.add(rules);
            }
        }
        fields.requireNothingElse();
        return tables;
    }

    private @Nullable TableRules table(Fields fields) {
        ScalarText schema = fields.optionalText("schema");
        ScalarText table = fields.text("table");
        List<ColumnFormat> belongsTo = new ArrayList<>();
        List<ScalarText> home = fields.texts("belongs_to");
        requireDistinct(fields, home);
        for (ScalarText column : home) {
            belongsTo.add(ColumnFormat.read(column, 0, column.text().length(), mistakes));
        }
        List<ChannelTemplate> channels = channels(fields);
        List<EventRule> events = new ArrayList<>();
        for (Fields event : fields.maps("events")) {
            EventRule rule = event(event, channels);
            if (rule != null) {
                events.add(rule);
            }
        }
        fields.requireNothingElse();
        if (table == null) {
            return null;
        }
        requireFewEvents(fields, events);
        return new TableRules(
                fields.start(), schema == null ? "public" : schema.text(), table.text(), belongsTo, channels, events);
    }

    private List<ChannelTemplate> channels(Fields fields) {
        List<ChannelTemplate> channels = new ArrayList<>();
        Fields templates = fields.map("channels");
        if (templates != null) {
            for (ScalarText name : templates.keys()) {
                ScalarText text = templates.text(name.text());
                if (text != null) {
                    channels.add(ChannelTemplate.read(name.text(), text, mistakes));
                }
            }
        }
        return channels;
    }

    private @Nullable EventRule event(Fields fields, List<ChannelTemplate> channels) {
        ScalarText name = fields.text("event");
        EnumSet<Operation> operations = operations(fields);
        ScalarText condition = fields.optionalText("when");
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < channels.size(); i++) {
            places.put(channels.get(i).name(), i);
        }
        boolean isCustom = fields.flag("custom");
        List<Integer> to = new ArrayList<>();
        List<ScalarText> channelNames = fields.texts("to");
        requireDistinct(fields, channelNames);
        for (ScalarText channel : channelNames) {
            Integer place = places.get(channel.text());
            if (place == null) {
                fields.mistake(
                        channel.start(),
                        "there is no channel \"" + channel.text() + "\"; this table has "
                                + String.join(
                                        ", ",
                                        channels.stream()
                                                .map(ChannelTemplate::name)
                                                .toList()));
            } else {
                to.add(place);
                requireKnown(fields, channel, channels.get(place), operations, isCustom);
            }
        }
        List<ScalarText> payload = fields.optionalTexts("payload");
        requireDistinct(fields, payload == null ? List.of() : payload);
        fields.requireNothingElse();
        if (name == null) {
            return null;
        }
        requireName(fields, name, isCustom);
        List<ColumnText> columns = payload == null
                ? null
                : payload.stream()
                        .map(text -> new ColumnText(text.text(), text.start()))
                        .toList();
        return new EventRule(fields.start(), name.text(), operations, condition, to, columns);
    }

    private static void requireDistinct(Fields fields, List<ScalarText> texts) {
        Set<String> seen = new HashSet<>();
        for (ScalarText text : texts) {
            if (!seen.add(text.text())) {
                fields.mistake(text.start(), "\"" + text.text() + "\" is given twice");
            }
        }
    }

    private EnumSet<Operation> operations(Fields fields) {
        EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
        for (ScalarText text : fields.texts("operation")) {
            Operation operation = OPERATIONS.get(text.text());
            if (operation == null) {
                fields.mistake(
                        text.start(), "\"" + text.text() + "\" is no operation; there are INSERT, UPDATE and DELETE");
            } else {
                operations.add(operation);
            }
        }
        return operations;
    }

    private static void requireName(Fields fields, ScalarText name, boolean isCustom) {
        if (!isCustom && EventName.find(name.text()) == null) {
            fields.mistake(
                    name.start(),
                    "the standard has no event \"" + name.text() + "\"; a name of your own needs  custom: true");
        }
        if (name.text().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
                || name.text().chars().anyMatch(Character::isISOControl)
                || name.text().startsWith("phx_")) {
            fields.mistake(
                    name.start(),
                    "an event's name has at most 255 bytes, no control characters, and does not begin with phx_");
        }
    }

    private static void requireKnown(
            Fields fields, ScalarText reference, ChannelTemplate channel, Set<Operation> operations, boolean isCustom) {
        if (!isCustom && !channel.isStandard()) {
            fields.mistake(
                    reference.start(),
                    "the standard has no channels " + channel.text()
                            + "; an event that goes there needs  custom: true");
        }
        if (operations.contains(Operation.INSERT)
                && channel.placeholders().stream().anyMatch(ChannelTemplate.Placeholder::ofOld)) {
            fields.mistake(
                    reference.start(), "an INSERT has no old row, from which " + channel.text() + " could be named");
        }
    }

    /** A row that moves is a DELETE and an INSERT at once. */
    private static void requireFewEvents(Fields fields, List<EventRule> events) {
        int update = count(events, Operation.UPDATE);
        int move = count(events, Operation.DELETE) + count(events, Operation.INSERT);
        if (Math.max(update, move) > MOST_EVENTS) {
            fields.mistake(
                    fields.start(),
                    "one change could become " + Math.max(update, move) + " events; " + MOST_EVENTS + " are possible");
        }
    }

    private static int count(List<EventRule> events, Operation operation) {
        return events.stream()
                .filter(rule -> rule.operations().contains(operation))
                .mapToInt(rule -> rule.channels().size())
                .sum();
    }
}
