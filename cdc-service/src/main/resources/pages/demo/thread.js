// One conversation as one side knows it. Whatever comes, however often and in whatever order - a page of the API, an event,
// an event again - leads to the same messages.

const RANK = { queued: -1, sent: 0, failed: 1, delivered: 2, read: 3 }

export class Thread {
  #messages = new Map()
  /** Messages of this side that are not known to be written yet, by the key that they are sent with. */
  #pending = new Map()

  /** Takes a row of the table as the newest that is known of it, unless what is known is newer. */
  take(row) {
    const known = this.#messages.get(row.id)
    const status = known && RANK[known.status] > RANK[row.status] ? known.status : row.status
    if (!known || row.updated_at >= known.updated_at) this.#messages.set(row.id, { ...known, ...row, status })
    else known.status = status
    this.#pending.delete(row.metadata?.client_key)
  }

  remove(id) {
    this.#messages.delete(id)
  }

  /** Shows a message before it is written. */
  expect(draft) {
    this.#pending.set(draft.key, draft)
  }

  /** What is shown, in order: what is written, then what is not yet. */
  rows() {
    const written = [...this.#messages.values()]
    written.sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))
    const waiting = [...this.#pending.values()].map((draft) => ({
      id: draft.key,
      key: draft.key,
      content: draft.content,
      sender_type: draft.sender_type,
      created_at: draft.at,
      status: draft.problem ? 'refused' : 'queued',
      problem: draft.problem,
    }))
    return [...written, ...waiting]
  }

  get last() {
    return this.rows().at(-1)
  }

  /** How many messages of the other side have not been read. */
  unread(senders) {
    return this.from(senders, ['sent', 'delivered']).length
  }

  /** Messages of these senders with one of these statuses. */
  from(senders, statuses) {
    return [...this.#messages.values()].filter(
      (message) => senders.includes(message.sender_type) && statuses.includes(message.status),
    )
  }
}
