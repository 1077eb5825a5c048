// A channel's events over HTTP, for as long as there is no websocket: as a stream of server-sent events, or page by page
// where streams don't get through. Both go on behind the last event that is known, and nothing comes twice.

const POLL_EVERY = 1500
const AGAIN_AFTER = 1000

export class Fallback {
  #isOver = false
  #abort = new AbortController()
  #way = new AbortController()

  /**
   * @param network what it goes through
   * @param address of the channel's events
   * @param headers resolves to the headers that say who asks
   * @param resume { after }: the id of the last event; moved on here
   * @param mayStream says whether it may hold a stream open now
   * @param told { event(message, lane), state(lane or null), gap() }
   */
  constructor({ network, address, headers, resume, mayStream, told }) {
    Object.assign(this, { network, address, headers, resume, mayStream, told })
    this.#run()
  }

  close() {
    this.#isOver = true
    this.#abort.abort()
  }

  /** Goes on at once in the way that is right now: whether it may stream has changed. */
  turn() {
    this.#way.abort()
  }

  async #run() {
    while (!this.#isOver) {
      let pause = AGAIN_AFTER
      this.#way = new AbortController()
      try {
        if (this.mayStream() && this.network.allows.streams) await this.#stream()
        else {
          await this.#poll()
          pause = POLL_EVERY
        }
      } catch {
        if (!this.#isOver && !this.#way.signal.aborted) this.told.state(null)
      }
      if (!this.#isOver) await this.#rest(pause)
    }
  }

  /** Until it is time again, or another way. */
  #rest(pause) {
    const { signal } = this.#way
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      setTimeout(resolve, pause)
      signal.addEventListener('abort', resolve, { once: true })
    })
  }

  /** What comes next may be of another history, in which the bookmark means nothing. */
  #gap() {
    this.resume.after = undefined
    this.told.gap()
  }

  async #poll() {
    for (let more = true; more && !this.#isOver; ) {
      const query = new URLSearchParams({ after: this.resume.after ?? 'latest', limit: '500' })
      const answer = await this.network.fetch(`${this.address}?${query}`, {
        headers: await this.headers(),
        signal: this.#abort.signal,
      })
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      const page = await answer.json()
      if (this.#isOver) return
      if (!page.recovered) this.#gap()
      this.told.state('polling')
      for (const event of page.events) this.told.event(event, 'polling')
      if (page.next) this.resume.after = page.next
      more = page.more
    }
  }

  async #stream() {
    const headers = { ...(await this.headers()), accept: 'text/event-stream' }
    const query = new URLSearchParams({ after: this.resume.after ?? 'latest' })
    const { answer, done } = await this.network.fetch(
      `${this.address}?${query}`,
      { headers, signal: AbortSignal.any([this.#abort.signal, this.#way.signal]) },
      'streams',
    )
    try {
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      this.told.state('stream')
      for await (const { id, name, data } of events(answer.body)) {
        if (this.#isOver) return
        if (name === 'resume') {
          if (!data.recovered) this.#gap()
          if (id) this.resume.after = id
        } else {
          this.told.event(data, 'stream')
        }
      }
    } finally {
      done()
    }
    throw new Error('the stream has ended')
  }
}

/** The events of a text/event-stream, each { id, name, data } with JSON as data. */
async function* events(body) {
  let rest = ''
  for await (const chunk of chunks(body.pipeThrough(new TextDecoderStream()))) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()
    for (const block of blocks) {
      const fields = {}
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':')
        if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart()
      }
      if (fields.data) yield { id: fields.id, name: fields.event, data: JSON.parse(fields.data) }
    }
  }
}

/** Not every browser can iterate over a stream itself. */
async function* chunks(stream) {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
