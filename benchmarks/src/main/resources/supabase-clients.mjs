// supabase-js clients on a string: commands come as JSON lines on stdin, answers and events go out as JSON lines on stdout.
// What happens within this process (typing, bursts, joining and cleaning up) is timed here, by one monotonic clock; when a
// row was received is for the other side of the string to time, at the latest moment: when its line has come.
//
// Arguments: the folder whose node_modules holds the packages, and the name under which supabase-js is installed there.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const [folder, packageName] = process.argv.slice(2)
const require = createRequire(folder + '/package.json')
const { createClient } = require(packageName)
const WebSocket = require('ws')

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')
const clients = new Map()

const subscribed = (channel) =>
  new Promise((resolve, reject) =>
    channel.subscribe((status, error) => {
      if (status === 'SUBSCRIBED') resolve()
      if (status === 'TIMED_OUT' || status === 'CHANNEL_ERROR') reject(new Error(`${status} ${error?.message ?? ''}`))
    }))

const commands = {
  connect({ client, url, key }) {
    const options = { realtime: { transport: WebSocket }, auth: { persistSession: false, autoRefreshToken: false } }
    clients.set(client, createClient(url, key, options))
  },

  // From now on every message of the channel is a line, and so is every change of the subscription's status.
  async listen({ client, channel, event }) {
    const joined = clients.get(client).channel(channel)
    joined.on('broadcast', { event }, ({ payload }) =>
      say({ message: payload.record.content, conversation: payload.record.conversation_id, client }))
    await new Promise((resolve) =>
      joined.subscribe((status) => {
        say({ status, client })
        if (status === 'SUBSCRIBED') resolve()
      }))
  },

  // One sends, the other hears, one after another: the milliseconds of each.
  async typing({ from, to, channel, count }) {
    const { sender, receiver, close } = await pair(from, to, channel)
    const times = []
    for (let i = 0; i < count; i++) {
      const heard = new Promise((resolve) => (receiver.heard = resolve))
      const start = performance.now()
      sender.send(typingEvent(i))
      await heard
      times.push(performance.now() - start)
    }
    await close()
    return times
  },

  // All are sent at once: the milliseconds until the last is heard.
  async burst({ from, to, channel, count }) {
    const { sender, receiver, close } = await pair(from, to, channel)
    let missing = count
    const all = new Promise((resolve) => (receiver.heard = () => --missing === 0 && resolve()))
    const start = performance.now()
    for (let i = 0; i < count; i++) sender.send(typingEvent(i))
    await all
    const took = performance.now() - start
    await close()
    return took
  },

  // Joins so many channels and cleans them up as the standards say: the milliseconds of both.
  async channels({ client, prefix, count }) {
    const start = performance.now()
    const channels = Array.from({ length: count }, (_, i) => clients.get(client).channel(prefix + i))
    await Promise.all(channels.map(subscribed))
    const joined = performance.now()
    const results = await Promise.all(channels.map((channel) => clients.get(client).removeChannel(channel)))
    const removed = performance.now()
    if (results.some((result) => result !== 'ok')) throw new Error('not all channels were removed: ' + results)
    return [joined - start, removed - joined]
  },
}

const typingEvent = (i) => ({
  type: 'broadcast',
  event: 'typing',
  payload: { userId: 'user-123', userName: 'John Doe', isTyping: i % 2 === 0, timestamp: new Date().toISOString() },
})

async function pair(from, to, name) {
  const sender = clients.get(from).channel(name)
  const listener = clients.get(to).channel(name)
  const receiver = { heard() {} }
  listener.on('broadcast', { event: 'typing' }, () => receiver.heard())
  await Promise.all([subscribed(sender), subscribed(listener)])
  return {
    sender,
    receiver,
    close: () => Promise.all([clients.get(from).removeChannel(sender), clients.get(to).removeChannel(listener)]),
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line)
  try {
    say({ result: (await commands[command](rest)) ?? null })
  } catch (error) {
    say({ error: String(error) })
  }
}
process.exit(0)
