package dev.campfire.realtime.database;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A server of each supported major. Test classes share them, and make databases of their own on them. */
final class EveryRelease implements ArgumentsProvider {

    private static final Namespace NAMESPACE = Namespace.create(EveryRelease.class);

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        // The store closes what it holds when the last test has ended.
        Store store = context.getRoot().getStore(NAMESPACE);
        return Stream.of("14", "15", "16", "17", "18")
                .map(major -> Arguments.of(store.computeIfAbsent(major, ReleaseServer::start, ReleaseServer.class)));
    }
}
