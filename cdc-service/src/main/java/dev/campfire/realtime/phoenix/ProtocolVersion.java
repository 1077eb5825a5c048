package dev.campfire.realtime.phoenix;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The versions of the protocol, by the {@code vsn} parameter of the websocket's URL. */
public enum ProtocolVersion {
    /** JSON objects; what a client speaks that names no version. */
    V1("1", new ObjectSerializer()),
    /** JSON arrays and binary broadcasts; what current clients speak. */
    V2("2", new ArraySerializer());

    private static final Pattern VSN = Pattern.compile("([12])\\.0\\.(?:0|[1-9][0-9]{0,8})(?:\\+[0-9A-Za-z.-]+)?");

    private final String major;
    private final Serializer serializer;
    private final Serializer compressing;

    ProtocolVersion(String major, Serializer serializer) {
        this.major = major;
        this.serializer = serializer;
        this.compressing = new CompressingSerializer(serializer);
    }

    Serializer serializer() {
        return serializer;
    }

    /** The same for clients that take compressed messages. */
    Serializer compressing() {
        return compressing;
    }

    /**
     * The version that a client asks for.
     *
     * @param vsn the parameter, null when there is none
     * @return empty for a version that is not spoken here
     */
    public static Optional<ProtocolVersion> of(@Nullable String vsn) {
        if (vsn == null) {
            return Optional.of(V1);
        }
        var matcher = VSN.matcher(vsn);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(matcher.group(1).equals(V1.major) ? V1 : V2);
    }
}
