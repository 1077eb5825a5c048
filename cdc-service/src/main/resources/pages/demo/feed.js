// One channel of the standards, kept up with whatever the network allows: the websocket, and while that is not there, HTTP.
// The bookmark `resume.after` is shared by all ways, so that each goes on where another stopped.

import { Fallback } from './fallback.js'

export class Feed {
  /** Where this channel has got to. supabase-js sends it with each join, also those that it makes by itself. */
  resume = {}
  /** 'connecting', 'live', 'stream', 'polling' or 'offline'. */
  state = 'connecting'
  #fallback = null
  #mayStream

  /**
   * @param side what it belongs to: its client, network, and headers
   * @param name of the channel
   * @param mayStream whether it may hold a stream open; browsers allow few
   * @param told { event(event, payload, meta), refresh(), state() }
   */
  constructor(side, name, { mayStream, told }) {
    Object.assign(this, { side, name, told })
    this.#mayStream = mayStream
    this.channel = side.client
      .channel(name, { config: { private: true, broadcast: { ack: true, resume: this.resume } } })
      .on('broadcast', { event: '*' }, (message) => this.#take(message, 'websocket'))
      .subscribe((status, error) => this.#status(status, error))
    this.channel.joinPush.receive('ok', ({ resume }) => this.#joined(resume))
  }

  /** Whether it may hold a stream open, from now on. */
  set mayStream(mayStream) {
    if (mayStream === this.#mayStream) return
    this.#mayStream = mayStream
    this.#fallback?.turn()
  }

  send(event, payload) {
    return this.channel.send({ type: 'broadcast', event, payload })
  }

  close() {
    this.#fallback?.close()
    return this.side.client.removeChannel(this.channel)
  }

  #status(status, error) {
    this.side.log.status(this.side, this.name, status, error)
    if (status === 'SUBSCRIBED') {
      this.#fallback?.close()
      this.#fallback = null
      this.#enter('live')
    } else if (status !== 'CLOSED') {
      // Not the end: supabase-js goes on trying, and until it succeeds there is HTTP.
      this.#fallback ??= this.#startFallback()
    }
  }

  #joined(resume) {
    if (!resume) return
    // Without an event so far there is no place to go on from but this; with one, its events come now, oldest first.
    if (!this.resume.after) {
      this.resume.after = resume.from
      this.told.refresh()
    } else if (!resume.recovered) {
      this.resume.after = resume.from
      this.told.refresh()
    }
  }

  #startFallback() {
    return new Fallback({
      network: this.side.network,
      address: `/api/channels/${encodeURIComponent(this.name)}/events`,
      headers: () => this.side.headers(),
      resume: this.resume,
      mayStream: () => this.#mayStream,
      told: {
        event: (message, lane) => this.#take(message, lane),
        state: (lane) => this.#enter(lane ?? 'offline'),
        gap: () => this.told.refresh(),
      },
    })
  }

  #enter(state) {
    if (state === this.state) return
    const wasUnsure = this.state === 'connecting' && !this.resume.after
    this.state = state
    if (wasUnsure && state !== 'offline' && state !== 'live') this.told.refresh()
    this.told.state()
  }

  /** While one way takes over from another, both may bring an event. Positions grow, and compare as texts. */
  #take({ event, payload, meta }, lane) {
    if (meta?.id && this.resume.after && meta.id <= this.resume.after) return
    if (meta?.id) this.resume.after = meta.id
    this.side.log.event(this.side, { lane, channel: this.name, event, payload, meta })
    this.told.event(event, payload, meta)
  }
}
