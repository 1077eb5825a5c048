// A conversation as one side follows it: its messages, who types, who is there, and what this side reports of it.

import { Feed } from './feed.js'
import { Presence } from './presence.js'
import { Thread } from './thread.js'
import { TypingReporter, Typists } from './typing.js'

const READ_AFTER_MS = 700
const MOST_PAGES = 20
/** When more have come at once into an open conversation, they are only reported as read. */
const MOST_REPORTED = 3

export class Conversation extends EventTarget {
  thread = new Thread()
  status = 'open'
  #isOpen = false
  #isReporting = false
  #readTimer

  /** @param isPrimary whether it may hold a stream open where there is no websocket */
  constructor(side, { id, subject, visitor }, isPrimary) {
    super()
    Object.assign(this, { side, id, subject, visitor })
    side.conversations.set(id, this)
    this.name = `org:${side.organization}:conv:${id}`
    for (const draft of side.outbox.drafts) if (draft.conversation === id) this.thread.expect(draft)
    this.typists = new Typists(side.person.id, () => this.#changed())
    this.reporter = new TypingReporter(side.person, (event, payload) => this.#tellTyping(event, payload))
    this.feed = new Feed(side, this.name, {
      mayStream: isPrimary,
      told: {
        event: (event, payload) => this.#heard(event, payload),
        refresh: () => this.refresh(),
        state: () => this.#changed(),
      },
    })
    this.presence = new Presence(side, `${this.name}:presence`, () => this.#changed())
    side.addEventListener('queue', () => this.#report())
  }

  /** Whether somebody looks at it: then messages count as read, not only as delivered. */
  set isOpen(isOpen) {
    this.#isOpen = isOpen
    this.feed.mayStream = isOpen
    this.#report()
  }

  say(content) {
    const { person, outbox } = this.side
    const draft = {
      key: crypto.randomUUID?.() ?? randomId(),
      conversation: this.id,
      content,
      sender_type: person.type,
      at: new Date().toISOString(),
    }
    this.reporter.stop()
    this.expect(draft)
    outbox.add(draft)
  }

  expect(draft) {
    this.thread.expect(draft)
    this.#changed()
  }

  take(row) {
    this.thread.take(row)
    this.#changed()
  }

  /** Fetches what there is. Events that come meanwhile are known by then, or newer. */
  async refresh() {
    try {
      let after = null
      for (let page = 0; page < MOST_PAGES; page++) {
        const query = new URLSearchParams({ limit: '500', ...(after && { after }) })
        const answer = await this.side.call('GET', `/api/conversations/${this.id}/messages?${query}`)
        if (!answer.ok) throw new Error(`status ${answer.status}`)
        const { messages, next_after: next, has_more: hasMore } = await answer.json()
        messages.forEach((row) => this.thread.take(row))
        after = next
        if (!hasMore) break
      }
    } catch {
      // Without a network, the feed asks for this again when it has found a way.
    }
    this.#changed()
    this.#report()
  }

  close() {
    clearTimeout(this.#readTimer)
    this.reporter.stop()
    this.feed.close()
    this.presence.close()
  }

  #heard(event, payload) {
    if (event.startsWith('typing:')) this.typists.heard(event, payload)
    else if (event === 'message:deleted') this.thread.remove(payload.old_record?.id)
    else if (payload.table === 'messages' && payload.record?.created_at) {
      this.thread.take(payload.record)
      if (payload.operation === 'INSERT') this.typists.wrote(payload.record.sender_type)
      this.#report()
    } else if (payload.table === 'conversations' && payload.record) this.status = payload.record.status ?? this.status
    this.#changed()
  }

  async #tellTyping(event, payload) {
    const full = { ...payload, conversationId: this.id, organizationId: this.side.organization }
    if (this.feed.state === 'live') return this.feed.send(event, full)
    const { userId, userName, userType, previewText } = payload
    const body = { event, userId, userName, userType, ...(previewText && { previewText }) }
    return this.side.call('POST', `/api/conversations/${this.id}/typing`, body).catch(() => {})
  }

  /** Tells the others what has been delivered here, and what has been read. */
  #report() {
    if (!this.side.network.allows.requests) return
    this.#reportDelivered()
    if (this.#isOpen && this.thread.unread(this.side.otherSenders) > 0) {
      clearTimeout(this.#readTimer)
      this.#readTimer = setTimeout(() => {
        this.side.call('POST', `/api/conversations/${this.id}/read`).catch(() => {})
      }, READ_AFTER_MS)
    }
  }

  /** One after the other: browsers have few connections, and what is written goes first. What is read needs no such report. */
  async #reportDelivered() {
    if (this.#isReporting) return
    this.#isReporting = true
    const done = new Set()
    for (;;) {
      const arrived = this.thread.from(this.side.otherSenders, ['sent']).filter(({ id }) => !done.has(id))
      if (arrived.length === 0 || (this.#isOpen && arrived.length > MOST_REPORTED)) break
      done.add(arrived[0].id)
      try {
        await this.side.call('PATCH', `/api/messages/${arrived[0].id}/status`, { status: 'delivered' })
      } catch {
        break
      }
    }
    this.#isReporting = false
  }

  #changed() {
    this.dispatchEvent(new Event('change'))
  }
}

/** Where the page is not on localhost and has no TLS, browsers have no randomUUID. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
