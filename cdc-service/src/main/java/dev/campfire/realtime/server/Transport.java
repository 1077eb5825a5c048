package dev.campfire.realtime.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How the operating system is asked for I/O. */
public enum Transport {

    /** Epoll where its native library is there, else what Java has everywhere. */
    AUTO,

    /** Readiness, then one call for each socket. */
    EPOLL,

    /** Work for many sockets in one call. Containers often forbid it. */
    IO_URING,

    /** What Java has everywhere. */
    NIO;

    /** What of this is used here. */
    Transport chosen() {
        if (this != AUTO) {
            return this;
        }
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** @throws IOException when this machine does not have it */
    void requireAvailable() throws IOException {
        @Nullable
        Throwable cause =
                switch (this) {
                    case EPOLL -> Epoll.unavailabilityCause();
                    case IO_URING -> IoUring.unavailabilityCause();
                    case AUTO, NIO -> null;
                };
        if (cause != null) {
            throw new IOException(
                    "the transport " + this + " is not available here (" + cause.getMessage() + "): choose auto",
                    cause);
        }
    }

    IoHandlerFactory handlers() {
        return switch (chosen()) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case AUTO, NIO -> NioIoHandler.newFactory();
        };
    }

    Class<? extends ServerChannel> listener() {
        return switch (chosen()) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case AUTO, NIO -> NioServerSocketChannel.class;
        };
    }
}
