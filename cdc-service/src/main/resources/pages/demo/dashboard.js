// The agent's side: all conversations of the organisation at once, and one that is open.

import { Conversation } from './conversation.js'
import { element } from './elements.js'
import { Presence } from './presence.js'
import { Side } from './side.js'
import { SideView } from './side-view.js'

export class Dashboard {
  #open = null
  #rows = new Map()

  constructor(root, session, log) {
    this.view = new SideView(root, ['agent', 'system'])
    this.subject = root.querySelector('.subject')
    this.side = new Side({
      name: 'dashboard',
      person: { ...session.agent, type: 'agent' },
      organization: session.organization.id,
      anonKey: session.anonKey,
      token: () => session.agentToken,
      log,
      condition: this.view.condition,
    })
    this.status = root.querySelector('[name=status]')
    this.status.addEventListener('change', () => this.#trackStatus())
    const list = root.querySelector('.conversations')
    session.conversations.forEach((sample, index) => {
      const conversation = new Conversation(this.side, sample, index === 0)
      list.append(this.#row(conversation))
      conversation.addEventListener('change', () => this.#showRow(conversation))
    })
    this.team = new Presence(this.side, `org:${session.organization.id}:agents:presence`, () => {})
    this.#overview(session.organization.id)
    this.open(session.conversations[0].id)
    this.#trackStatus()
    this.side.outbox.flush()
  }

  open(id) {
    this.#open?.presence.untrack()
    const conversation = this.side.conversations.get(id)
    this.#open = conversation
    this.subject.textContent = `${conversation.visitor.name}: ${conversation.subject}`
    conversation.presence.track({ status: this.status.value })
    this.view.turnTo(this.side, conversation)
    this.side.conversations.forEach((each) => this.#showRow(each))
  }

  #trackStatus() {
    this.team.track({ status: this.status.value })
    this.#open.presence.track({ status: this.status.value })
  }

  /** What happens to conversations themselves, of which the database alone speaks here. */
  #overview(organization) {
    const name = `org:${organization}:conversations`
    this.side.client
      .channel(name, { config: { private: true } })
      .on('broadcast', { event: '*' }, ({ event, payload, meta }) => {
        this.side.log.event(this.side, { lane: 'websocket', channel: name, event, payload, meta })
      })
      .subscribe()
  }

  #row(conversation) {
    const button = element('button', { type: 'button' }, [
      element('span', { class: 'dot', role: 'img', 'aria-label': 'away' }),
      element('span', { class: 'name', text: conversation.visitor.name }),
      element('span', { class: 'unread' }),
      element('span', { class: 'line' }),
    ])
    button.addEventListener('click', () => this.open(conversation.id))
    this.#rows.set(conversation.id, button)
    return element('li', {}, [button])
  }

  #showRow(conversation) {
    const button = this.#rows.get(conversation.id)
    const [dot, , unread, line] = button.children
    const isHere = conversation.presence.others?.some(({ type }) => type === 'customer') ?? false
    dot.dataset.here = isHere
    dot.setAttribute('aria-label', isHere ? 'here' : 'away')
    const count = conversation.thread.unread(['customer'])
    unread.textContent = count > 0 ? count : ''
    unread.title = count > 0 ? `${count} unread` : ''
    const typist = conversation.typists.list.find(({ type }) => type === 'customer')
    line.textContent = typist ? 'is typing …' : (conversation.thread.last?.content ?? conversation.subject)
    line.classList.toggle('active', Boolean(typist))
    button.setAttribute('aria-current', conversation === this.#open)
  }
}
