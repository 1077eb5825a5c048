package dev.campfire.realtime.support;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the one {@link Backend} that they share, or the {@link PostgresProvider} for a server of their own. Both
 * are made when first asked for; the backend ends with the last test.
 *
 * <p>Tests that share it make a {@link Conversation} of their own and leave server and service alone.
 */
public final class SharedBackend implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedBackend.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Backend.class || type == PostgresProvider.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getRoot().getStore(NAMESPACE);
        PostgresProvider provider = store.computeIfAbsent(
                PostgresProvider.class, type -> PostgresProvider.choose(), PostgresProvider.class);
        if (parameter.getParameter().getType() == PostgresProvider.class) {
            return provider;
        }
        // The store closes what it holds when the last test has ended.
        return store.computeIfAbsent(Backend.class, type -> Backend.start(provider), Backend.class);
    }
}
