package dev.campfire.realtime.conformance;

import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.ServiceProcess;

/** Where cases play. */
record Stage(ServiceProcess service, Database database) {}
