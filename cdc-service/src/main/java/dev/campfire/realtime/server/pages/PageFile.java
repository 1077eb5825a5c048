package dev.campfire.realtime.server.pages;

import dev.campfire.realtime.server.HttpAnswer;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** A file as browsers get it: as it is or compressed, and not at all while they have it. Immutable. */
final class PageFile {

    /**
     * A page runs no script and loads nothing but files of this service, and talks to nobody else. Browsers count websockets
     * of the same host to {@code 'self'}.
     */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** What is served at all, by the ending of its name. */
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private final String type;
    private final byte[] body;
    private final byte[] compressed;
    private final String digest;

    private PageFile(String type, byte[] body) throws IOException {
        this.type = type;
        this.body = body;
        this.compressed = compress(body);
        this.digest = digest(body);
    }

    /**
     * Reads a file of the class path. Blocks for as long as that takes.
     *
     * @return empty when there is no such file, or it is of a kind that is not served
     */
    static Optional<PageFile> read(String place) {
        String type = TYPES.get(place.substring(place.lastIndexOf('.') + 1));
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = PageFile.class.getResourceAsStream(place)) {
            return in == null ? Optional.empty() : Optional.of(new PageFile(type, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to a request with these headers. */
    HttpAnswer answer(HttpHeaders asked) {
        boolean isCompressed = compressed.length < body.length && acceptsGzip(asked);
        String tag = isCompressed ? '"' + digest + "-gzip\"" : '"' + digest + '"';
        Map<String, String> headers = new HashMap<>();
        headers.put(HttpHeaderNames.ETAG.toString(), tag);
        // A file keeps its name through releases: browsers ask each time, and are told in one line that nothing is new.
        headers.put(HttpHeaderNames.CACHE_CONTROL.toString(), "no-cache");
        headers.put(HttpHeaderNames.VARY.toString(), "accept-encoding");
        headers.put(HttpHeaderNames.CONTENT_SECURITY_POLICY.toString(), POLICY);
        headers.put("x-content-type-options", "nosniff");
        headers.put("referrer-policy", "no-referrer");
        headers.put("cross-origin-opener-policy", "same-origin");
        if (asked.get(HttpHeaderNames.IF_NONE_MATCH, "").contains(tag)) {
            return new HttpAnswer(304, "", new byte[0], headers);
        }
        if (isCompressed) {
            headers.put(HttpHeaderNames.CONTENT_ENCODING.toString(), "gzip");
        }
        return new HttpAnswer(200, type, isCompressed ? compressed : body, headers);
    }

    private static boolean acceptsGzip(HttpHeaders asked) {
        for (String coding : asked.get(HttpHeaderNames.ACCEPT_ENCODING, "").split(",")) {
            if (coding.strip().matches("gzip(\\s*;\\s*q=(1(\\.0*)?|0\\.0*[1-9]\\d*))?")) {
                return true;
            }
        }
        return false;
    }

    private static byte[] compress(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }

    private static String digest(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
