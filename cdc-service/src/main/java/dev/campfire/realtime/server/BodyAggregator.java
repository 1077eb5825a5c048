package dev.campfire.realtime.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;

/** Gathers bodies; those that are too large are refused, under {@code /api} with a problem. */
final class BodyAggregator extends HttpObjectAggregator {

    BodyAggregator(int limit) {
        super(limit);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) throws Exception {
        if (!(oversized instanceof HttpRequest request) || !HttpProblem.isApi(request.uri())) {
            super.handleOversizedMessage(ctx, oversized);
            return;
        }
        // What is still to come of the body is passed over when the connection stays.
        boolean keepAlive = HttpUtil.isKeepAlive(request) && !(request instanceof FullHttpMessage);
        ctx.writeAndFlush(HttpResponses.whole(HttpProblem.TOO_LARGE.answer(request.uri()), keepAlive, false))
                .addListener(keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
    }

    /** What a client is told that asks before it sends the body. */
    @Override
    protected Object newContinueResponse(HttpMessage start, int limit, ChannelPipeline pipeline) {
        Object response = super.newContinueResponse(start, limit, pipeline);
        if (!(response instanceof HttpResponse refusal)
                || !(start instanceof HttpRequest request)
                || !HttpProblem.isApi(request.uri())) {
            return response;
        }
        HttpProblem problem = refusal.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)
                ? HttpProblem.TOO_LARGE
                : HttpProblem.EXPECTATION;
        return refusal.status().equals(HttpResponseStatus.CONTINUE)
                ? response
                : HttpResponses.whole(problem.answer(request.uri()), true, false);
    }
}
