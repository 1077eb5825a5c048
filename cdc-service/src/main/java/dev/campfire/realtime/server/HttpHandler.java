package dev.campfire.realtime.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection while it speaks HTTP: answers its requests one after the other, until one of them turns it into a
 * websocket or an event stream. Requests that have arrived while another is being answered wait; they are owned, and released, here.
 */
final class HttpHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    /** How many requests a client may send ahead of their answers. */
    private static final int MAX_AHEAD = 16;

    private final ServerSettings settings;
    private final Routes routes;
    private final WebSocketUpgrade upgrade;
    private final Damping damping;
    private final SocketOpening opening;
    private final EventStreamOpening streams;

    private final Queue<FullHttpRequest> ahead = new ArrayDeque<>();
    private boolean isAnswering;
    private boolean hasAnswered;

    /** Whether the request that is being answered may be answered in chunks. */
    private boolean isChunked;

    private @Nullable ScheduledFuture<?> deadline;

    HttpHandler(
            ServerSettings settings,
            Routes routes,
            WebSocketUpgrade upgrade,
            Damping damping,
            SocketOpening opening,
            EventStreamOpening streams) {
        this.streams = streams;
        this.damping = damping;
        this.settings = settings;
        this.routes = routes;
        this.upgrade = upgrade;
        this.opening = opening;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        awaitRequest(ctx);
        ctx.fireChannelActive();
    }

    /** Gives the client its time for the next request. However slowly it sends, it is over at the deadline. */
    private void awaitRequest(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(() -> giveUp(ctx), settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nothing is said to a client that may be sending its next request just now: it would take that for the answer. */
    private void giveUp(ChannelHandlerContext ctx) {
        if (hasAnswered) {
            ctx.close();
        } else {
            answer(ctx, HttpAnswer.error(408, "Request timeout"), false, false);
        }
    }

    private void stopWaiting() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!isAnswering) {
            handle(ctx, request);
        } else if (ahead.size() < MAX_AHEAD) {
            ahead.add(request);
        } else {
            request.release();
            ctx.close();
        }
    }

    private void handle(ChannelHandlerContext ctx, FullHttpRequest request) {
        stopWaiting();
        isAnswering = true;
        isChunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        try {
            respond(ctx, request);
        } finally {
            request.release();
        }
    }

    private void respond(ChannelHandlerContext ctx, FullHttpRequest request) {
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        HttpAnswer invalid = invalid(request);
        if (invalid != null) {
            answer(ctx, invalid, false, isHead);
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        List<String> segments;
        Map<String, List<String>> query;
        try {
            segments = Routes.segments(uri.rawPath());
            query = uri.parameters();
        } catch (IllegalArgumentException e) {
            answer(ctx, HttpProblem.MALFORMED_URL.answer(request.uri()), false, isHead);
            return;
        }
        if (WebSocketUpgrade.isAt(segments) && !request.method().equals(HttpMethod.OPTIONS)) {
            upgrade(ctx, request, query);
        } else if (EventStreamOpening.isAskedBy(request, segments, query)) {
            streams.open(ctx, request, segments, query, refused -> answer(ctx, refused, false, false));
        } else {
            route(ctx, request, uri.rawPath(), query);
        }
    }

    private @Nullable HttpAnswer invalid(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return switch (request.decoderResult().cause()) {
                case TooLongHttpLineException e -> HttpAnswer.error(414, "URI too long");
                case TooLongHttpHeaderException e -> HttpProblem.HEADERS_TOO_LARGE.answer(request.uri());
                default -> HttpProblem.MALFORMED.answer(request.uri());
            };
        }
        for (Map.Entry<String, String> header : request.headers()) {
            if (header.getValue().length() > settings.headerValueLimit()) {
                return HttpProblem.HEADERS_TOO_LARGE.answer(request.uri());
            }
        }
        return null;
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request, Map<String, List<String>> query) {
        switch (upgrade.decide(request, query)) {
            case WebSocketUpgrade.Decision.Accepted accepted -> opening.open(ctx, request, accepted);
            case WebSocketUpgrade.Decision.Refused(HttpAnswer answer) -> {
                Duration wait =
                        damping.refused(((InetSocketAddress) ctx.channel().remoteAddress()).getAddress());
                if (wait.isZero()) {
                    answer(ctx, answer, false, false);
                } else {
                    ctx.executor()
                            .schedule(() -> answer(ctx, answer, false, false), wait.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private void route(
            ChannelHandlerContext ctx, FullHttpRequest request, String path, Map<String, List<String>> query) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            answer(ctx, CrossOrigin.preflight(request.headers()), keepAlive, false);
            return;
        }
        String method = isHead ? "GET" : request.method().name();
        switch (routes.find(method, path)) {
            case Routes.Match.Nothing nothing -> answer(ctx, HttpProblem.NOT_FOUND.answer(path), keepAlive, isHead);
            case Routes.Match.WrongMethod(String allowed) ->
                answer(ctx, HttpProblem.WRONG_METHOD.answer(path).with("allow", allowed), keepAlive, isHead);
            case Routes.Match.Found(HttpEndpoint endpoint, Map<String, String> parameters) -> {
                HttpCall call = new HttpCall(
                        method, path, parameters, query, request.headers(), ByteBufUtil.getBytes(request.content()));
                call(ctx, endpoint, call, keepAlive, isHead);
            }
        }
    }

    private void call(
            ChannelHandlerContext ctx, HttpEndpoint endpoint, HttpCall call, boolean keepAlive, boolean isHead) {
        CompletionStage<HttpAnswer> answer;
        try {
            answer = endpoint.answer(call);
        } catch (RuntimeException e) {
            failed(ctx, call, e, isHead);
            return;
        }
        // An answer that never comes must not hold its connection, and what waits behind it, for ever.
        CompletionStage<HttpAnswer> inTime = answer.toCompletableFuture()
                .copy()
                .orTimeout(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        inTime.whenCompleteAsync(
                (found, failure) -> {
                    if (failure == null) {
                        answer(ctx, found, keepAlive, isHead);
                    } else if (failure instanceof TimeoutException) {
                        LOG.warn("{} {} was not answered in time", call.method(), call.path());
                        answer(ctx, HttpProblem.NOT_IN_TIME.answer(call.path()), false, isHead);
                    } else {
                        failed(ctx, call, failure, isHead);
                    }
                },
                ctx.executor());
    }

    private void failed(ChannelHandlerContext ctx, HttpCall call, Throwable failure, boolean isHead) {
        LOG.error("{} {} failed", call.method(), call.path(), failure);
        answer(ctx, HttpProblem.FAILED.answer(call.path()), false, isHead);
    }

    private void answer(ChannelHandlerContext ctx, HttpAnswer answer, boolean keepAlive, boolean isHead) {
        if (answer.writer() != null && !isHead) {
            stream(ctx, answer, answer.writer(), keepAlive);
            return;
        }
        FullHttpResponse response = HttpResponses.whole(answer, keepAlive, isHead);
        var written = ctx.writeAndFlush(response);
        if (keepAlive) {
            next(ctx);
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** A client that speaks HTTP/1.0 knows no chunks: the connection's end is the body's. */
    private void stream(ChannelHandlerContext ctx, HttpAnswer answer, BodyWriter writer, boolean keepAlive) {
        HttpResponse response = HttpResponses.head(answer, keepAlive);
        if (isChunked) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        boolean goesOn = keepAlive && isChunked;
        ctx.writeAndFlush(response);
        new BodyStream(ctx, writer, () -> {
                    if (goesOn) {
                        next(ctx);
                    } else {
                        ctx.close();
                    }
                })
                .start();
    }

    private void next(ChannelHandlerContext ctx) {
        isAnswering = false;
        hasAnswered = true;
        FullHttpRequest waiting = ahead.poll();
        if (waiting != null) {
            handle(ctx, waiting);
        } else {
            awaitRequest(ctx);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopWaiting();
        for (FullHttpRequest request = ahead.poll(); request != null; request = ahead.poll()) {
            request.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("A connection failed while it spoke HTTP", cause);
        }
        ctx.close();
    }
}
