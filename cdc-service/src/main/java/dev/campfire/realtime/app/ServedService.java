package dev.campfire.realtime.app;

import dev.campfire.realtime.limits.Niceness;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service as its settings want it, from the moment that it listens: what {@code serve} runs. */
final class ServedService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedService.class);

    /** Of a service that has begun to read changes. */
    private static final Duration FIRST_EVENTS = Duration.ofSeconds(2);

    private final RealtimeService service;
    private final int port;
    private final Thread settling;

    private ServedService(RealtimeService service, int port, Thread settling) {
        this.service = service;
        this.port = port;
        this.settling = settling;
    }

    /**
     * Starts one, which reads its mapping again at SIGHUP.
     *
     * @param environment its settings, by the names of environment variables
     * @throws SettingsException when they can't be used, or the mapping's file does not fit the database
     */
    static ServedService start(Map<String, String> environment) throws Exception {
        Settings settings = Settings.read(environment);
        RealtimeService service = RealtimeService.of(settings, InstantSource.system());
        MappingReload mapping = new MappingReload(settings.capture(), settings.mapping(), service.mapping());
        if (!settings.mapping().isBuiltIn()) {
            mapping.check();
        }
        HangUp.calls(mapping::reload);
        int port = service.start();
        Thread settling = Thread.ofPlatform()
                .name("settling")
                .daemon()
                .start(() -> settle(service, settings.mapping().isBuiltIn() ? mapping : null));
        LOG.info(
                "Listening on {}:{}, for changes of {}.",
                settings.server().host(),
                port,
                settings.capture().database());
        return new ServedService(service, port, settling);
    }

    /**
     * Does what can wait until clients have come and the first events have gone.
     *
     * @param unchecked a mapping of which what does not fit is only said
     */
    private static void settle(RealtimeService service, @Nullable MappingReload unchecked) {
        try {
            if (!service.awaitStreaming(StreamReadiness.FOR_EVER)) {
                return;
            }
            Thread.sleep(FIRST_EVENTS);
            Niceness.lowerCompilers();
            if (unchecked != null) {
                Niceness.background("mapping-check")
                        .newThread(unchecked::checkBuiltIn)
                        .start();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    RealtimeService service() {
        return service;
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws InterruptedException {
        settling.interrupt();
        service.close();
    }
}
