package dev.campfire.realtime.server.api;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.server.ForwardedHeaders;
import dev.campfire.realtime.server.HttpCall;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Who broadcasts in one call, and where policies let them: asked once for each channel. Safe for use by several threads. */
final class Speaker {

    private final Claims claims;
    private final String headers;
    private final ChannelAuthority authority;
    private final ConcurrentMap<String, CompletionStage<Boolean>> answers = new ConcurrentHashMap<>();

    Speaker(HttpCall call, Claims claims, ChannelAuthority authority) {
        this.claims = claims;
        this.headers = ForwardedHeaders.json(call.headers());
        this.authority = authority;
    }

    /** As policies of a channel see them. */
    ChannelUser at(String channel) {
        return new ChannelUser(claims, channel, headers);
    }

    /** Whether they may send on a channel that policies rule. A stage that fails does so with the authority's exception. */
    CompletionStage<Boolean> isWritable(String channel) {
        return answers.computeIfAbsent(channel, name -> authority.isWritable(at(name), Extension.BROADCAST));
    }

    /** Who types when they say that somebody does, and not who. */
    static String name(Claims claims) {
        return Objects.requireNonNullElse(claims.subject(), claims.role());
    }

    String name() {
        return name(claims);
    }
}
