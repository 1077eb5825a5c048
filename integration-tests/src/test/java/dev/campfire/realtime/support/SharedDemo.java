package dev.campfire.realtime.support;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands tests the one {@link Demo} that they share. It is started before the first class of them, and ends with the last test. */
public final class SharedDemo implements BeforeAllCallback, ParameterResolver {

    @Override
    public void beforeAll(ExtensionContext context) {
        demo(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Demo.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return demo(context);
    }

    private static Demo demo(ExtensionContext context) {
        Store store = context.getRoot().getStore(Namespace.create(SharedDemo.class));
        return store.computeIfAbsent(Demo.class, type -> Demo.start(), Demo.class);
    }
}
