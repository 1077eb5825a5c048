// One topic of uWebSockets, which is Bun's websocket server: what a publisher (/pub) sends goes to every subscriber.
// Usage: bun uwebsockets.cjs PORT
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  fetch (request, it) {
    return it.upgrade(request, { data: { publishes: request.url.endsWith('/pub') } }) ? undefined : new Response('a websocket is wanted', { status: 400 })
  },
  websocket: {
    perMessageDeflate: false,
    backpressureLimit: 16 * 1024 * 1024,
    idleTimeout: 0,
    open (socket) { if (!socket.data.publishes) socket.subscribe('bench') },
    message (socket, message) { server.publish('bench', message) }
  }
})
