package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows who may read and write what, and answers when it is told to. */
final class FakeAuthority implements ChannelAuthority {

    private final Set<String> readers = new HashSet<>();
    private final Set<String> writers = new HashSet<>();
    Set<Extension> readable = EnumSet.allOf(Extension.class);

    /** What answers wait for. */
    CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    int questions;

    void allow(String role, String channel) {
        readers.add(role + " " + channel);
    }

    void allowWriting(String role, String channel) {
        writers.add(role + " " + channel);
    }

    void forbid(String role, String channel) {
        readers.remove(role + " " + channel);
    }

    @Override
    public CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> asked) {
        questions++;
        return gate.thenApply(nothing -> {
            Set<Extension> may = EnumSet.noneOf(Extension.class);
            if (readers.contains(name(user))) {
                may.addAll(asked);
                may.retainAll(readable);
            }
            return may;
        });
    }

    @Override
    public CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension) {
        questions++;
        return gate.thenApply(nothing -> writers.contains(name(user)));
    }

    private static String name(ChannelUser user) {
        return user.claims().role() + " " + user.topic();
    }
}
