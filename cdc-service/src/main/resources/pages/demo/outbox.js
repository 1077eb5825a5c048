// Messages on their way to POST /api/messages. Each has a key of its own, which goes along as Idempotency-Key: it may be
// sent as often as it takes, and is written once. What is not written yet survives a reload of the page.

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 5000

export class Outbox {
  #queue
  #isSending = false
  #pause = FIRST_PAUSE
  #timer

  /**
   * @param name under which the queue is kept
   * @param send takes a draft; resolves to the answer, rejects when there was none
   * @param told { written(draft, row, isRepeated), refused(draft, problem), changed(length) }
   */
  constructor(name, send, told) {
    this.name = `campfire-demo-outbox-${name}`
    this.send = send
    this.told = told
    this.#queue = JSON.parse(sessionStorage.getItem(this.name) ?? '[]')
  }

  get drafts() {
    return [...this.#queue]
  }

  add(draft) {
    this.#queue.push(draft)
    this.#keep()
    this.flush()
  }

  /** Sends what waits, one after the other, so that messages are written in the order in which they were. */
  async flush() {
    clearTimeout(this.#timer)
    if (this.#isSending) return
    this.#isSending = true
    while (this.#queue.length > 0) {
      const draft = this.#queue[0]
      let answer
      let body
      try {
        answer = await this.send(draft)
        body = await answer.json()
      } catch {
        this.#later()
        break
      }
      if (answer.status >= 500 || answer.status === 429 || answer.status === 409) {
        this.#later()
        break
      }
      this.#pause = FIRST_PAUSE
      this.#queue.shift()
      this.#keep()
      if (answer.ok) this.told.written(draft, body, answer.headers.get('idempotency-replayed') === 'true')
      else this.told.refused(draft, body)
    }
    this.#isSending = false
  }

  /** Nobody knows whether it was written: it is sent again, with the same key. */
  #later() {
    this.#timer = setTimeout(() => this.flush(), this.#pause)
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
  }

  #keep() {
    sessionStorage.setItem(this.name, JSON.stringify(this.#queue))
    this.told.changed(this.#queue.length)
  }
}
