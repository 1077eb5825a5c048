// One channel with the npm package ws: what a publisher (/pub) sends goes to every subscriber. Usage: ws.cjs PORT
const { WebSocketServer } = require('ws')
const subscribers = new Set()
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 8192, perMessageDeflate: false })
server.on('connection', (socket, request) => {
  if (request.url === '/pub') {
    socket.on('message', (data) => {
      for (const subscriber of subscribers) subscriber.send(data, { binary: false })
    })
  } else {
    subscribers.add(socket)
    socket.on('close', () => subscribers.delete(socket))
  }
  socket.on('error', () => {})
})
