// Typing, both ways: said with the standard's events, forgotten by those who hear it when nothing more is said.

const UPDATE_EVERY_MS = 800
const IDLE_MS = 3000
const FORGOTTEN_AFTER_MS = 6000
const LONGEST_PREVIEW = 80

/** Says that somebody types: start once, update now and then, stop when they stop. */
export class TypingReporter {
  #isTyping = false
  #saidAt = 0
  #idle
  #later
  #text = ''

  constructor(person, say) {
    Object.assign(this, { person, say })
  }

  typed(text) {
    if (text.trim() === '') return this.stop()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.stop(), IDLE_MS)
    this.#text = text
    const pause = this.#saidAt + UPDATE_EVERY_MS - Date.now()
    if (!this.#isTyping || pause <= 0) this.#say()
    else this.#later ??= setTimeout(() => this.#say(), pause)
  }

  stop() {
    clearTimeout(this.#idle)
    this.#forget()
    if (!this.#isTyping) return
    this.#isTyping = false
    this.#tell('typing:stop')
  }

  #say() {
    this.#forget()
    this.#tell(this.#isTyping ? 'typing:update' : 'typing:start', this.#text.slice(0, LONGEST_PREVIEW))
    this.#isTyping = true
    this.#saidAt = Date.now()
  }

  #forget() {
    clearTimeout(this.#later)
    this.#later = undefined
  }

  #tell(event, previewText) {
    this.say(event, {
      userId: this.person.id,
      userName: this.person.name,
      userType: this.person.type,
      isTyping: event !== 'typing:stop',
      ...(previewText && { previewText }),
      timestamp: new Date().toISOString(),
    })
  }
}

/** Who types at the moment, but for oneself. */
export class Typists {
  #all = new Map()

  constructor(self, changed) {
    Object.assign(this, { self, changed })
  }

  get list() {
    return [...this.#all.values()]
  }

  heard(event, { userId, userName, userType, previewText }) {
    if (userId === this.self) return
    clearTimeout(this.#all.get(userId)?.timer)
    if (event === 'typing:stop') this.#all.delete(userId)
    else {
      const timer = setTimeout(() => {
        this.#all.delete(userId)
        this.changed()
      }, FORGOTTEN_AFTER_MS)
      this.#all.set(userId, { name: userName ?? 'Somebody', type: userType, preview: previewText, timer })
    }
    this.changed()
  }

  /** Whose message is there has typed it. */
  wrote(type) {
    for (const [id, typist] of this.#all) {
      if (typist.type !== type) continue
      clearTimeout(typist.timer)
      this.#all.delete(id)
    }
  }
}
