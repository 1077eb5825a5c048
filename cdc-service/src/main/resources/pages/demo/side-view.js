// What both sides look like: a state, a switch for the network, messages, who types, and where to write.

import { ThreadView } from './thread-view.js'

const STATES = {
  connecting: ['connecting', 'Connecting'],
  live: ['live', 'Live · websocket'],
  stream: ['fallback', 'Fallback · event stream'],
  polling: ['fallback', 'Fallback · polling'],
  offline: ['offline', 'Offline'],
}

const RAPID = 25

export class SideView {
  #conversation = null
  #side = null
  #isDrawing = false
  #changed = () => this.#draw()

  /** @param drawn called whenever something has been drawn anew */
  constructor(root, own, drawn = () => {}) {
    this.root = root
    this.drawn = drawn
    this.find = (selector) => root.querySelector(selector)
    this.thread = new ThreadView(this.find('.thread'), own)
    this.text = this.find('textarea')
    this.find('.composer').addEventListener('submit', (event) => {
      event.preventDefault()
      this.#say()
    })
    this.text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault()
        this.#say()
      }
    })
    this.text.addEventListener('input', () => this.#conversation.reporter.typed(this.text.value))
    this.text.addEventListener('blur', () => this.#conversation?.reporter.stop())
    this.find('.rapid').addEventListener('click', () => {
      for (let i = 1; i <= RAPID; i++) this.#conversation.say(`Rapid ${i} of ${RAPID}`)
    })
    for (const radio of root.querySelectorAll('.network input')) {
      radio.addEventListener('change', () => this.#side.network.set(radio.value))
    }
  }

  get condition() {
    return this.find('.network input:checked').value
  }

  /** Turns to a conversation, of the same side or another. */
  turnTo(side, conversation) {
    if (this.#conversation) {
      this.#conversation.isOpen = false
      this.#conversation.reporter.stop()
      this.#conversation.removeEventListener('change', this.#changed)
      this.#side.removeEventListener('queue', this.#changed)
    }
    this.#side = side
    this.#conversation = conversation
    conversation.addEventListener('change', this.#changed)
    side.addEventListener('queue', this.#changed)
    conversation.isOpen = true
    this.thread.clear()
    this.text.value = ''
    this.show()
    this.find('.thread').scrollTop = this.find('.thread').scrollHeight
  }

  /** With the next frame, so that a burst is one change of the document. */
  #draw() {
    if (this.#isDrawing) return
    this.#isDrawing = true
    requestAnimationFrame(() => {
      this.#isDrawing = false
      this.show()
    })
  }

  show() {
    this.thread.show(this.#conversation.thread)
    this.#showState()
    const [typist] = this.#conversation.typists.list
    this.find('.typing').classList.toggle('active', Boolean(typist))
    this.find('.typing .typist').textContent = typist ? `${typist.name} is typing` : ''
    this.find('.typing .preview').textContent = typist?.preview ? `“${typist.preview}”` : ''
    this.drawn(this.#conversation)
  }

  #say() {
    const content = this.text.value.trim()
    if (content === '') return
    this.text.value = ''
    this.#conversation.say(content)
  }

  #showState() {
    const state = this.#side.network.condition === 'offline' ? 'offline' : this.#conversation.feed.state
    const [kind, text] = STATES[state]
    const waiting = this.#side.outbox.drafts.length
    const pill = this.find('.state')
    pill.dataset.state = kind
    pill.textContent = waiting > 0 ? `${text} · ${waiting} queued` : text
  }
}
