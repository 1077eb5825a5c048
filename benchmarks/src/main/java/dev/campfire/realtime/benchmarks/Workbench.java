package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.DevelopmentToken;
import dev.campfire.realtime.benchmarks.client.Receiver;
import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadProgram;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.peer.Peer;
import dev.campfire.realtime.benchmarks.peer.PeerProcess;
import dev.campfire.realtime.benchmarks.postgres.DatabaseServer;
import dev.campfire.realtime.benchmarks.postgres.DebianServer;
import dev.campfire.realtime.benchmarks.postgres.EmbeddedServer;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.BareReader;
import dev.campfire.realtime.benchmarks.subject.ChildJvm;
import dev.campfire.realtime.benchmarks.subject.CollectorChoice;
import dev.campfire.realtime.benchmarks.subject.ComparedReader;
import dev.campfire.realtime.benchmarks.subject.Cores;
import dev.campfire.realtime.benchmarks.subject.FreePort;
import dev.campfire.realtime.benchmarks.subject.Leash;
import dev.campfire.realtime.benchmarks.subject.PgRecvLogical;
import dev.campfire.realtime.benchmarks.subject.ReaderProcess;
import dev.campfire.realtime.benchmarks.subject.Running;
import dev.campfire.realtime.benchmarks.subject.ScratchFolder;
import dev.campfire.realtime.benchmarks.subject.ServiceImage;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import dev.campfire.realtime.vocabulary.EventName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place on which one scenario is set up: a Postgres, and whatever it starts. All of it ends with the workbench. */
final class Workbench implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Path out;
    private final boolean fsync;
    private final Path home;
    private final List<String> javaOptions;
    private final Running running = new Running();
    private @Nullable Path scratch;
    private @Nullable EmbeddedServer server;
    private @Nullable ChildJvm jvm;
    private @Nullable Cores cores;

    /**
     * @param home the folder of the launcher
     * @param javaOptions of what is measured; where no collector is among them, it gets the launcher's
     */
    Workbench(Path home, Path out, boolean fsync, List<String> javaOptions) {
        this.home = home;
        this.out = out;
        this.fsync = fsync;
        this.javaOptions = javaOptions;
    }

    /**
     * Shares out the processors and starts Postgres.
     *
     * @param withPostgres whether to start it
     */
    Cores open(boolean pinned, boolean withPostgres) throws Exception {
        Cores chosen = Cores.choose(pinned);
        chosen.confineThisProcess();
        // The first to be added, and so the last to be closed.
        Path folder = running.add(ScratchFolder.in(out)).path();
        if (withPostgres) {
            say("starting Postgres");
            EmbeddedServer started = running.add(EmbeddedServer.start(folder.resolve("postgres"), fsync));
            // SIGINT is Postgres's fast shutdown.
            running.add(Leash.on(started.pid(), "INT"));
            server = started;
        }
        jvm = new ChildJvm(
                chosen, CollectorChoice.added(javaOptions, chosen, home.resolve("docker/collector.sh")), out, folder);
        scratch = folder;
        cores = chosen;
        return chosen;
    }

    /** Options of every Java that is measured, its collector among them. */
    List<String> javaOptions() {
        return opened(jvm).options();
    }

    /** Where files may be left. */
    Path out() {
        return out;
    }

    /** Where files may be that are deleted with the workbench. */
    Path scratch() {
        return opened(scratch);
    }

    /** The file for what a process of this name prints. */
    Path log(String name) throws Exception {
        return opened(jvm).log(name);
    }

    EmbeddedServer server() {
        return opened(server);
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the workbench is not open");
        }
        return part;
    }

    /** A new database, published. */
    PublishedDatabase database(String name) throws Exception {
        return PublishedDatabase.create(server(), name);
    }

    /** A new database, published, in a Postgres of its own that has an output plugin, on the subject's processors. */
    PublishedDatabase databaseWith(Path installation) throws Exception {
        DebianServer started = running.add(DebianServer.start(
                installation,
                opened(cores).prefixOfSubject(),
                FreePort.choose(),
                scratch().resolve("debian-postgres"),
                log("debian-postgres")));
        running.add(Leash.on(started.pid(), "INT"));
        return PublishedDatabase.create(started, "walrus");
    }

    /** Starts the service on a database, and returns when it streams. */
    ServiceProcess service(PublishedDatabase database) throws Exception {
        return service(database, Map.of());
    }

    /** @param settings variables of its environment besides the necessary ones */
    ServiceProcess service(PublishedDatabase database, Map<String, String> settings) throws Exception {
        say("starting the service");
        ServiceProcess service = running.add(ServiceProcess.start(opened(jvm), database, settings));
        database.awaitReader();
        return service;
    }

    /** Starts the service as the launcher does for the first time, and returns at once. */
    ServiceProcess launch(PublishedDatabase database) throws Exception {
        return running.add(ServiceProcess.launch(opened(jvm), database, Map.of(), List.of()));
    }

    /** Starts it as it is started from then on, and returns at once. */
    ServiceProcess launch(PublishedDatabase database, Map<String, String> settings, ServiceImage image)
            throws Exception {
        return running.add(image.launch(database, settings));
    }

    /** How the launcher starts a service from the second time on; nothing where this Java makes no cache of classes. */
    Optional<ServiceImage> launcher() throws Exception {
        say("training the cache of classes");
        return ServiceImage.onSameJava(opened(jvm), scratch().resolve("launcher"));
    }

    /** How the image does; nothing where there can be none like it. */
    Optional<ServiceImage> image() throws Exception {
        say("linking the image's Java, and training its cache of classes");
        return ServiceImage.onOwnJava(opened(jvm), scratch().resolve("image"));
    }

    /** Joins the channel of the database's conversation, for its created messages. */
    Subscriber subscriber(ServiceProcess service, PublishedDatabase database, Receiver receiver) throws Exception {
        return running.add(Subscriber.join(
                service.port(), token(), database.channel(), EventName.MESSAGE_CREATED.text(), receiver));
    }

    /** The same of a service that may not serve yet: it is tried every few milliseconds. */
    Subscriber firstSubscriber(ServiceProcess service, PublishedDatabase database, Receiver receiver) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return subscriber(service, database, receiver);
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** What a client connects with. */
    String token() {
        return new DevelopmentToken(InstantSource.system()).anon();
    }

    /** What the console is opened with. */
    String serviceRoleToken() {
        return new DevelopmentToken(InstantSource.system()).serviceRole();
    }

    /** Starts a bare reader on a thread of this process. */
    BareReader bareReader(PublishedDatabase database, Receiver receiver) throws Exception {
        return running.add(BareReader.start(
                server().port(), database.name(), DatabaseServer.SUPERUSER, ComparedReader.BARE.id(), receiver));
    }

    /** Starts what the service is compared with as a process, and returns when it streams. */
    ReaderProcess reader(ComparedReader kind, PublishedDatabase database) throws Exception {
        say("starting " + kind.title());
        return running.add(ReaderProcess.start(kind, opened(jvm), database));
    }

    /** Postgres's own reader of slots, where it is installed. */
    Optional<PgRecvLogical> recvLogical() throws Exception {
        return PgRecvLogical.find(opened(cores), log("recvlogical"));
    }

    /** The program that makes load, which runs on the processors of this process. */
    LoadProgram loadProgram() throws Exception {
        LoadProgram program = LoadProgram.prepare(out, "cc");
        say("the load is made by %s", program.title());
        return program;
    }

    /** Starts load on a server; nobody is connected yet. */
    LoadClient load(LoadProgram program, LoadTarget target, String name) throws Exception {
        return running.add(program.start(target, name, log("load-" + name)));
    }

    /** Starts another server, and returns when it listens. */
    PeerProcess peer(Peer peer) throws Exception {
        say("starting %s", peer.title());
        return running.add(PeerProcess.start(
                peer, opened(cores), scratch().resolve("peer-" + peer.id()), log("peer-" + peer.id())));
    }

    /** Takes over the duty to close something. */
    <T extends AutoCloseable> T owned(T resource) throws Exception {
        return running.add(resource);
    }

    /** Tells whoever waits what is going on. */
    void say(String format, Object... arguments) {
        System.out.println("[bench] " + String.format(Locale.ROOT, format, arguments));
    }

    /** Whether the process was told to end, which explains failures. */
    boolean isInterrupted() {
        return running.isInterrupted();
    }

    @Override
    public void close() throws Exception {
        running.close();
    }
}
