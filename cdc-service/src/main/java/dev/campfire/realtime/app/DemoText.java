package dev.campfire.realtime.app;

import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.vocabulary.ChannelName;
import java.util.List;

/** What the demo prints when everything runs. */
final class DemoText {

    private final int port;
    private final int postgresPort;
    private final TokenMinter minter;

    DemoText(int port, int postgresPort, TokenMinter minter) {
        this.port = port;
        this.postgresPort = postgresPort;
        this.minter = minter;
    }

    static String channel() {
        return ChannelName.conversation(DemoRows.ORGANIZATION.toString(), DemoRows.CONVERSATION.toString())
                .text();
    }

    List<String> lines() {
        String database = "postgresql://" + DemoDatabase.SUPERUSER + ":" + DemoDatabase.PASSWORD + "@localhost:"
                + postgresPort + "/" + DemoDatabase.NAME;
        String flags = (port == 4000 ? "" : " --port " + port);
        String postgresFlags = (postgresPort == 54322 ? "" : " --pg-port " + postgresPort);
        return List.of(
                "",
                "Ready. Open this first:",
                "  Demo page     http://localhost:" + port + "/demo",
                "",
                "  Supabase URL  http://localhost:" + port + "      (supabase-js adds /realtime/v1)",
                "  Websocket     ws://localhost:" + port + "/realtime/v1/websocket",
                "  Health        http://localhost:" + port + "/health",
                "  Postgres      " + database,
                "  Channel       " + channel(),
                "",
                "Anon key:",
                DemoCommand.anonKey(minter),
                "",
                "Token of the agent jam@jam.com (" + DemoRows.AGENT + "), good for a week:",
                DemoCommand.agentToken(minter),
                "",
                "Listen, in a second terminal:",
                "  ./campfire demo listen" + flags,
                "Insert a message, in a third one:",
                "  ./campfire demo insert" + postgresFlags + " \"Hello\"",
                "or, where psql is installed:",
                "  psql " + database
                        + " -c \"INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                        + " VALUES ('" + DemoRows.CONVERSATION + "', '" + DemoRows.ORGANIZATION
                        + "', 'Hello', 'customer')\"",
                "",
                "Ctrl-C ends both cleanly.");
    }
}
