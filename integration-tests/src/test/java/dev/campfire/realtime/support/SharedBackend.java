package dev.campfire.realtime.support;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Hands tests the one {@link Backend} that they share, or the {@link PostgresProvider} for a server of their own. Both
 * are made when first asked for; the backend ends with the last test. Those that are marked with {@link Apart} share another one.
 *
 * <p>Tests that share it make a {@link Conversation} of their own and leave server and service alone.
 */
public final class SharedBackend implements ParameterResolver, TestExecutionExceptionHandler {

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
        return store.computeIfAbsent(Row.of(context), row -> new Start(() -> Backend.start(provider)), Start.class)
                .backend();
    }

    /** The tests that run one after the other, and share a backend. */
    private record Row(boolean isApart) {

        static Row of(ExtensionContext context) {
            return new Row(AnnotationSupport.isAnnotated(context.getRequiredTestClass(), Apart.class));
        }
    }

    /** Adds to a failure what the shared service said last. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        Start start = context.getRoot().getStore(NAMESPACE).get(Row.of(context), Start.class);
        if (start != null && start.backend != null) {
            failure.addSuppressed(new AssertionError(start.backend.service().logTail()));
        }
        throw failure;
    }

    /** The one attempt to start: where it failed, every test fails at once and for the same reason. */
    private static final class Start implements AutoCloseable {

        private @Nullable Backend backend;
        private @Nullable Throwable failure;

        Start(Supplier<Backend> starting) {
            try {
                backend = starting.get();
            } catch (RuntimeException | AssertionError e) {
                failure = e;
            }
        }

        Backend backend() {
            if (backend == null) {
                throw new IllegalStateException("the backend that the tests share did not start", failure);
            }
            return backend;
        }

        @Override
        public void close() {
            if (backend != null) {
                backend.close();
            }
        }
    }
}
