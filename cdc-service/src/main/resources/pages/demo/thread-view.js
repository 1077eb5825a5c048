// Shows a conversation's messages. A message keeps its place in the document for as long as it is shown.

import { element } from './elements.js'

/** Older ones are there, and not shown. */
const MOST = 200

const TICKS = { queued: '◷', sent: '✓', delivered: '✓✓', read: '✓✓', failed: '!', refused: '!' }
const WORDS = { queued: 'waits', refused: 'refused' }

export class ThreadView {
  #items = new Map()

  /** @param own the senders whose messages stand on the right */
  constructor(list, own) {
    this.list = list
    this.own = own
  }

  show(thread) {
    const isAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40
    const all = thread.rows()
    const rows = all.slice(-MOST)
    const shown = new Set(rows.map(({ id }) => id))
    for (const [id, item] of this.#items) {
      if (shown.has(id)) continue
      item.remove()
      this.#items.delete(id)
    }
    let before = null
    for (const row of rows) {
      const item = this.#items.get(row.id) ?? this.#make(row)
      this.#fill(item, row)
      const expected = before ? before.nextElementSibling : this.list.firstElementChild
      if (expected !== item) this.list.insertBefore(item, expected)
      before = item
    }
    this.list.dataset.empty = rows.length === 0
    if (isAtEnd || rows.at(-1)?.status === 'queued') this.list.scrollTop = this.list.scrollHeight
  }

  clear() {
    this.#items.clear()
    this.list.replaceChildren()
  }

  #make(row) {
    const isOwn = this.own.includes(row.sender_type)
    const item = element('li', { class: `message ${isOwn ? 'own' : 'other'}` }, [
      element('p', { class: 'content' }),
      element('p', { class: 'about' }),
    ])
    item.dataset.id = row.id
    this.#items.set(row.id, item)
    return item
  }

  #fill(item, row) {
    if (item.dataset.status === row.status && item.dataset.updated === row.updated_at) return
    item.dataset.status = row.status
    item.dataset.updated = row.updated_at
    const [content, about] = item.children
    content.textContent = row.content
    const time = new Date(row.created_at).toTimeString().slice(0, 5)
    const isOwn = item.classList.contains('own')
    about.replaceChildren(
      element('time', { text: time, datetime: row.created_at }),
      ...(isOwn
        ? [
            element('span', { class: 'ticks', 'aria-hidden': 'true', text: TICKS[row.status] ?? '' }),
            element('span', { class: 'word', text: WORDS[row.status] ?? row.status }),
          ]
        : []),
      ...(row.problem ? [element('span', { class: 'problem', text: row.problem })] : []),
    )
  }
}
