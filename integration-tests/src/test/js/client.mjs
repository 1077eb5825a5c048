// A supabase-js client on a string: commands come as JSON lines on stdin, everything that happens goes out as JSON lines
// on stdout, each with the time (ms since the epoch) at which the client had it. Ends when stdin ends.
import { createInterface } from 'node:readline'
import WebSocket from 'ws'

// Bytes travel as {"$hex": "0102ff"} on the string.
const toHex = (_, value) =>
  value instanceof ArrayBuffer ? { $hex: Buffer.from(value).toString('hex') } : value
const fromHex = (payload) =>
  payload?.$hex === undefined ? payload : new Uint8Array(Buffer.from(payload.$hex, 'hex')).buffer
const report = (line) => process.stdout.write(JSON.stringify(line, toHex) + '\n')
const now = () => performance.timeOrigin + performance.now()

let client
const channels = new Map()

const commands = {
  // The package of the wanted version, with Node's websocket for a transport as the package's readme says for Node 20.
  async connect({ version, url, key, vsn, heartbeat, accessToken }) {
    const { createClient } = await import(`supabase-js-${version}`)
    const realtime = { transport: WebSocket, timeout: 5000 }
    if (vsn) realtime.vsn = vsn
    if (heartbeat) realtime.heartbeatIntervalMs = heartbeat
    const options = { realtime, auth: { persistSession: false, autoRefreshToken: false } }
    client = createClient(url, key, options)
    if (accessToken) await client.realtime.setAuth(accessToken)
  },
  async subscribe({ name, events, config, changes, presence }) {
    const channel = client.channel(name, { config: config ?? {} })
    for (const [index, filter] of (changes ?? []).entries()) {
      channel.on('postgres_changes', filter, (change) =>
        report({ type: 'change', channel: name, binding: index, change, at: now() }))
    }
    if (presence) {
      for (const event of ['sync', 'join', 'leave']) {
        channel.on('presence', { event }, (told) =>
          report({ type: 'presence', channel: name, event, told, state: channel.presenceState(), at: now() }))
      }
    }
    // As the README says: the client sends this object again with each join that it makes by itself.
    const resume = config?.broadcast?.resume
    for (const event of events) {
      channel.on('broadcast', { event }, (message) => {
        if (resume && message.meta?.id) resume.after = message.meta.id
        report({ type: 'message', channel: name, message, at: now() })
      })
    }
    channel.on('system', {}, (payload) => report({ type: 'system', channel: name, payload, at: now() }))
    channels.set(name, channel)
    channel.subscribe((status, error) =>
      report({ type: 'status', channel: name, status, error: error?.message ?? null, at: now() }))
  },
  async send({ name, event, payload }) {
    return channels.get(name).send({ type: 'broadcast', event, payload: fromHex(payload) })
  },
  async track({ name, payload }) {
    return channels.get(name).track(payload)
  },
  async untrack({ name }) {
    return channels.get(name).untrack()
  },
  async httpSend({ name, event, payload }) {
    return channels.get(name).httpSend(event, fromHex(payload))
  },
  // Without subscribing, which makes the client fall back to REST.
  async sendUnsubscribed({ name, event, payload, config }) {
    return client.channel(name, { config: config ?? {} }).send({ type: 'broadcast', event, payload })
  },
  async unsubscribe({ name }) {
    const channel = channels.get(name)
    channels.delete(name)
    return client.removeChannel(channel)
  },
  async setAuth({ token }) {
    await client.realtime.setAuth(token)
  },
  async isConnected() {
    return client.realtime.isConnected()
  },
}

report({ type: 'ready' })
for await (const line of createInterface({ input: process.stdin })) {
  const { command, id, ...rest } = JSON.parse(line)
  try {
    const result = await commands[command](rest)
    report({ type: 'result', id, result: result ?? null })
  } catch (error) {
    report({ type: 'result', id, error: String(error) })
  }
}
process.exit(0)
