package dev.campfire.realtime.server;

import dev.campfire.realtime.phoenix.PhoenixEndpoint;
import dev.campfire.realtime.phoenix.PhoenixSession;
import dev.campfire.realtime.phoenix.StreamRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Answers requests for a channel's events with a stream of them: opens a session that joins the channel, as a socket's
 * would, and hands the connection over to it when it has joined. Safe for use by several threads.
 */
final class EventStreamOpening {

    /** Where the channel's name stands in the path. */
    private static final int NAME_FROM_END = 2;

    private final ServerSettings settings;
    private final PhoenixEndpoint phoenix;
    private final Damping damping;
    private final Addresses addresses;

    EventStreamOpening(ServerSettings settings, PhoenixEndpoint phoenix, Addresses addresses) {
        this.settings = settings;
        this.phoenix = phoenix;
        this.addresses = addresses;
        this.damping = new Damping(settings.joinBackoff());
    }

    /** Whether a request is for a stream; what it asks in another form is answered like all other requests. */
    static boolean isAskedBy(FullHttpRequest request, List<String> segments, Map<String, List<String>> query) {
        if (!request.method().equals(HttpMethod.GET) || !isAt(segments)) {
            return false;
        }
        try {
            return EventsQuery.format(query, request.headers()) == EventsQuery.Format.SSE;
        } catch (EventsQuery.MalformedException e) {
            return false;
        }
    }

    private static boolean isAt(List<String> segments) {
        int size = segments.size();
        boolean isBehindPrefix = size == 6 && segments.subList(0, 2).equals(List.of("realtime", "v1"));
        return (size == 4 || isBehindPrefix)
                && segments.subList(size - 4, size - NAME_FROM_END).equals(List.of("api", "channels"))
                && segments.getLast().equals("events");
    }

    /**
     * Begins to join.
     *
     * @param http the context of the handler that answers requests; it is removed when the stream begins
     * @param refused told what to answer when it does not; the connection is to be ended then
     */
    void open(
            ChannelHandlerContext http,
            FullHttpRequest request,
            List<String> segments,
            Map<String, List<String>> query,
            Consumer<HttpAnswer> refused) {
        Consumer<HttpAnswer> unstored = answer -> refused.accept(answer.with("cache-control", "no-store"));
        EventsQuery asked;
        try {
            asked = EventsQuery.of(segments.get(segments.size() - NAME_FROM_END), query, request.headers());
        } catch (EventsQuery.MalformedException e) {
            unstored.accept(EventsRefusal.of(400, String.valueOf(e.getMessage())));
            return;
        }
        String token = asked.token();
        if (token == null || token.isBlank()) {
            unstored.accept(EventsRefusal.of(401, "A token is missing"));
            return;
        }
        boolean isChunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        Channel channel = http.channel();
        EventStream stream =
                new EventStream(channel, isChunked, settings, damping, addresses, new EventStream.Beginning() {
                    @Override
                    public void begin(EventStream begun) {
                        http.pipeline().addAfter(http.name(), "stream", new EventStreamHandler(begun));
                        http.pipeline().remove(http.name());
                        channel.write(head(isChunked));
                    }

                    @Override
                    public void refuse(HttpAnswer answer) {
                        unstored.accept(answer);
                    }
                });
        StreamRequest wanted = new StreamRequest(
                asked.channel(),
                asked.isPrivate(),
                asked.after(),
                token,
                ForwardedHeaders.json(request.headers()),
                isChunked);
        PhoenixSession session = phoenix.open(wanted, channel.eventLoop(), stream);
        stream.serve(session);
        session.listen(wanted);
    }

    private static HttpResponse head(boolean isChunked) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, EventsQuery.Format.SSE.mediaType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store, no-transform")
                .set("x-accel-buffering", "no")
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (isChunked) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return head;
    }
}
