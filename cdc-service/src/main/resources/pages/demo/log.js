// What happens, in the order in which it does: events with their channel and position, states of the channels, calls. The
// newest is on top. A line opens to what came with it.

import { element } from './elements.js'

const MOST = 400

const LANES = { websocket: 'websocket', stream: 'event stream', polling: 'polling', http: 'HTTP', status: 'supabase-js', note: 'switch' }

export class Log {
  #list
  #isPaused = false
  #filter = { widget: true, dashboard: true, text: '' }
  /** What is not shown yet, the oldest first. */
  #held = []
  #isDrawing = false

  /** @param nicknames readable words for the ids in channels' names, by id */
  constructor(root, nicknames) {
    this.nicknames = nicknames
    this.#list = root.querySelector('.entries')
    this.counter = root.querySelector('.count')
    for (const side of ['widget', 'dashboard']) {
      root.querySelector(`[name=show-${side}]`).addEventListener('change', ({ target }) => {
        this.#filter[side] = target.checked
        this.#applyFilter()
      })
    }
    root.querySelector('[name=filter]').addEventListener('input', ({ target }) => {
      this.#filter.text = target.value.trim().toLowerCase()
      this.#applyFilter()
    })
    root.querySelector('.pause').addEventListener('click', ({ currentTarget }) => {
      this.#isPaused = !this.#isPaused
      currentTarget.setAttribute('aria-pressed', this.#isPaused)
      this.#draw()
    })
    root.querySelector('.clear').addEventListener('click', () => {
      this.#list.replaceChildren()
      this.#count()
    })
  }

  event(side, { lane, channel, event, payload, meta }) {
    this.#add({ side, lane, channel, what: event, meta, detail: payload })
  }

  status(side, channel, status, error) {
    this.#add({ side, lane: 'status', channel, what: status, isGood: status === 'SUBSCRIBED', detail: error?.message })
  }

  http(side, what, detail) {
    this.#add({ side, lane: 'http', what, isGood: what.startsWith('2'), detail })
  }

  note(side, what) {
    this.#add({ side, lane: 'note', what })
  }

  #add(entry) {
    this.#held.push({ ...entry, at: new Date() })
    if (this.#held.length > MOST) this.#held.shift()
    this.#draw()
  }

  /** With the next frame, so that a burst is one change of the document. */
  #draw() {
    if (this.#isDrawing || this.#isPaused) return
    this.#isDrawing = true
    requestAnimationFrame(() => {
      this.#isDrawing = false
      if (this.#isPaused) return
      const items = this.#held.splice(0).map((entry) => this.#item(entry))
      this.#list.prepend(...items.reverse())
      while (this.#list.childElementCount > MOST) this.#list.lastElementChild.remove()
      this.#count()
    })
  }

  #item(entry) {
    const { side, lane, channel, what, meta, detail, at, isGood } = entry
    const short = channel ? this.#short(channel) : ''
    const line = element('summary', {}, [
      element('time', { text: at.toTimeString().slice(0, 8) + '.' + String(at.getMilliseconds()).padStart(3, '0') }),
      element('span', { class: `badge ${side.name}`, text: side.name }),
      element('span', { class: 'lane', text: LANES[lane] }),
      element('span', { class: `what ${lane}${isGood === false ? ' bad' : ''}`, text: what }),
      element('span', { class: 'channel', text: short, title: channel }),
      meta?.seq !== undefined && element('span', { class: 'seq', text: `seq ${meta.seq}` }),
      meta?.id && element('span', { class: 'id', text: `id …${meta.id.slice(-12)}`, title: meta.id }),
      meta?.replayed && element('span', { class: 'badge replayed', text: 'replayed' }),
    ])
    const item = element('details', { class: 'entry' }, [line])
    item.dataset.side = side.name
    item.dataset.text = `${LANES[lane]} ${what} ${channel ?? ''} ${short} ${meta?.replayed ? 'replayed' : ''}`.toLowerCase()
    if (meta?.id) item.dataset.id = meta.id
    item.hidden = !this.#fits(item)
    item.addEventListener(
      'toggle',
      () => item.append(element('pre', { text: JSON.stringify({ channel, meta, ...(detail && { payload: detail }) }, null, 2) })),
      { once: true },
    )
    return item
  }

  #short(channel) {
    return channel.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => this.nicknames.get(id) ?? `${id.slice(0, 4)}…`)
  }

  #fits({ dataset }) {
    return this.#filter[dataset.side] && dataset.text.includes(this.#filter.text)
  }

  #applyFilter() {
    for (const item of this.#list.children) item.hidden = !this.#fits(item)
    this.#count()
  }

  #count() {
    const shown = [...this.#list.children].filter((item) => !item.hidden).length
    this.counter.textContent = `${shown} shown`
  }
}
