// Who is on a channel, by supabase-js's presence. Only the websocket knows: while it is away, nobody is known to be there.

export class Presence {
  #isLive = false
  #wanted = null

  constructor(side, name, changed) {
    Object.assign(this, { side, name, changed })
    this.channel = side.client
      .channel(name, { config: { private: true, presence: { key: side.person.id } } })
      .on('presence', { event: 'sync' }, () => this.changed())
      .on('broadcast', { event: '*' }, ({ event, payload, meta }) =>
        side.log.event(side, { lane: 'websocket', channel: name, event, payload, meta }),
      )
      .subscribe((status) => {
        this.#isLive = status === 'SUBSCRIBED'
        if (this.#isLive && this.#wanted) this.channel.track(this.#wanted)
        this.changed()
      })
  }

  /** Says that this side is here, now and whenever the channel is joined again. */
  track(state) {
    this.#wanted = { name: this.side.person.name, type: this.side.person.type, ...state }
    if (this.#isLive) this.channel.track(this.#wanted)
  }

  untrack() {
    this.#wanted = null
    if (this.#isLive) this.channel.untrack()
  }

  /** The others who are here; null while nobody knows. */
  get others() {
    if (!this.#isLive) return null
    return Object.entries(this.channel.presenceState())
      .filter(([key]) => key !== this.side.person.id)
      .map(([key, [state]]) => ({ key, ...state }))
  }

  close() {
    return this.side.client.removeChannel(this.channel)
  }
}
