// The network of one side, with a switch. What goes through it is real; what the switch forbids fails the way a network
// fails, so that the client that uses it can't tell the difference.

/** What the switch can be set to, and what still works then. */
export const CONDITIONS = {
  online: { sockets: true, streams: true, requests: true },
  nosocket: { sockets: false, streams: true, requests: true },
  polling: { sockets: false, streams: false, requests: true },
  offline: { sockets: false, streams: false, requests: false },
}

export class Network extends EventTarget {
  condition = 'online'
  #open = new Set()

  get allows() {
    return CONDITIONS[this.condition]
  }

  /** Sets the switch, and cuts whatever it forbids. */
  set(condition) {
    if (condition === this.condition) return
    this.condition = condition
    for (const connection of this.#open) {
      if (!this.allows[connection.kind]) connection.cut()
    }
    this.dispatchEvent(new Event('change'))
  }

  /** fetch, through this network. A stream is a request whose answer goes on. */
  fetch = async (url, options = {}, kind = 'requests') => {
    if (!this.allows[kind]) throw new TypeError('The network is off')
    options.signal?.throwIfAborted()
    const abort = new AbortController()
    options.signal?.addEventListener('abort', () => abort.abort())
    const connection = { kind, cut: () => abort.abort() }
    this.#open.add(connection)
    try {
      const answer = await fetch(url, { ...options, signal: abort.signal })
      if (kind === 'streams') return { answer, done: () => this.#open.delete(connection) }
      // Read here, so that a cut in the middle of an answer loses it.
      const body = await answer.text()
      return new Response(answer.status === 204 || answer.status === 304 ? null : body, answer)
    } finally {
      if (kind !== 'streams') this.#open.delete(connection)
    }
  }

  /** A WebSocket class whose sockets are those of this network, for supabase-js's option `realtime.transport`. */
  get WebSocket() {
    const network = this
    return class {
      constructor(url, protocols) {
        return network.allows.sockets ? network.#socket(url, protocols) : refused()
      }
    }
  }

  #socket(url, protocols) {
    const socket = new WebSocket(url, protocols)
    const connection = { kind: 'sockets', cut: () => socket.close() }
    this.#open.add(connection)
    socket.addEventListener('close', () => this.#open.delete(connection))
    return socket
  }
}

/** A socket that never opens. */
function refused() {
  const socket = {
    readyState: WebSocket.CONNECTING,
    bufferedAmount: 0,
    send() {},
    close() {
      socket.readyState = WebSocket.CLOSED
    },
    addEventListener() {},
    removeEventListener() {},
  }
  setTimeout(() => {
    if (socket.readyState === WebSocket.CLOSED) return
    socket.readyState = WebSocket.CLOSED
    socket.onerror?.(new Event('error'))
    socket.onclose?.(new CloseEvent('close', { code: 1006 }))
  })
  return socket
}
