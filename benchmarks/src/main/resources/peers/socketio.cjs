// One room with socket.io over websockets: what a socket publishes goes to all others. Usage: socketio.cjs PORT
const { createServer } = require('node:http')
const { Server } = require('socket.io')
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
io.on('connection', (socket) => {
  socket.join('bench')
  socket.on('publish', (data) => socket.to('bench').emit('bench', data))
})
http.listen({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 8192 })
