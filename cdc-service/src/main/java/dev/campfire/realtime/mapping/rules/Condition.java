package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.capture.Row;
import java.util.Arrays;
import java.util.List;

/**
 * A condition on the images of a row, compiled for the columns of its table. Safe for use by several threads; never throws.
 *
 * <p>Most are decided on the bytes of the values, by the forms below; {@link CelCondition} decides everything else. Both
 * say the same of the same values, as CEL does: what fails or is not known beside something that decides by itself does
 * not matter.
 */
sealed interface Condition permits Condition.Quick, CelCondition {

    Verdict judge(Images images);

    /** Decided on the bytes, without CEL. */
    sealed interface Quick extends Condition {}

    /** Always the same. */
    record Constant(boolean holds) implements Quick {
        @Override
        public Verdict judge(Images images) {
            return Verdict.of(holds);
        }
    }

    /** A column has another value than before. */
    record Changed(int column) implements Quick {
        @Override
        public Verdict judge(Images images) {
            if (!images.isKnown(Side.OLD, column) || !images.isKnown(Side.NEW, column)) {
                return Verdict.NOT_KNOWN;
            }
            Row before = images.find(Side.OLD, column);
            Row after = images.find(Side.NEW, column);
            if (before == null || after == null) {
                return Verdict.of(before != after);
            }
            return Verdict.of(!after.sameValue(column, before, column));
        }
    }

    /** A column's text is one of these; NULL is none. */
    record OneOf(Side side, int column, List<byte[]> texts) implements Quick {
        @Override
        public Verdict judge(Images images) {
            Row row = images.find(side, column);
            if (row == null) {
                return images.isKnown(side, column) ? Verdict.HOLDS_NOT : Verdict.NOT_KNOWN;
            }
            int start = row.start(column);
            int end = start + row.length(column);
            for (byte[] text : texts) {
                if (Arrays.equals(row.bytes(), start, end, text, 0, text.length)) {
                    return Verdict.HOLDS;
                }
            }
            return Verdict.HOLDS_NOT;
        }
    }

    /** A column is NULL. */
    record IsNull(Side side, int column) implements Quick {
        @Override
        public Verdict judge(Images images) {
            return images.isKnown(side, column) ? Verdict.of(images.isNull(side, column)) : Verdict.NOT_KNOWN;
        }
    }

    /** The opposite. */
    record Not(Quick condition) implements Quick {
        @Override
        public Verdict judge(Images images) {
            return condition.judge(images).not();
        }
    }

    /** Both hold. */
    record And(Quick left, Quick right) implements Quick {
        @Override
        public Verdict judge(Images images) {
            Verdict first = left.judge(images);
            if (first == Verdict.HOLDS_NOT) {
                return first;
            }
            Verdict second = right.judge(images);
            return second == Verdict.HOLDS_NOT || first == Verdict.HOLDS ? second : first;
        }
    }

    /** One of them holds, or both. */
    record Or(Quick left, Quick right) implements Quick {
        @Override
        public Verdict judge(Images images) {
            Verdict first = left.judge(images);
            if (first == Verdict.HOLDS) {
                return first;
            }
            Verdict second = right.judge(images);
            return second == Verdict.HOLDS || first == Verdict.HOLDS_NOT ? second : first;
        }
    }
}
