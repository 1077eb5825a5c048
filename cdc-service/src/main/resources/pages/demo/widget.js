// The visitor's side: one conversation, with a token that names it and nothing else.

import { Conversation } from './conversation.js'
import { Side } from './side.js'
import { SideView } from './side-view.js'

export class Widget {
  #side = null

  constructor(root, session, log) {
    this.session = session
    this.log = log
    this.agents = root.querySelector('.present')
    this.view = new SideView(root, ['customer'], (conversation) => this.#showAgents(conversation))
    this.choice = root.querySelector('[name=visitor]')
    for (const { id, visitor, subject } of session.conversations) {
      this.choice.add(new Option(`${visitor.name}: ${subject}`, id))
    }
    this.choice.addEventListener('change', () => this.become(this.choice.value))
  }

  /** Starts anew as the visitor of this conversation. */
  become(id) {
    const { session, log } = this
    const sample = session.conversations.find((conversation) => conversation.id === id)
    this.choice.value = id
    const former = this.#side
    this.#side = new Side({
      name: 'widget',
      person: { ...sample.visitor, type: 'customer' },
      organization: session.organization.id,
      anonKey: session.anonKey,
      token: () => session.visitorToken(id),
      log,
      condition: this.view.condition,
    })
    const conversation = new Conversation(this.#side, sample, true)
    conversation.presence.track({ page: '/pricing' })
    this.view.turnTo(this.#side, conversation)
    this.#side.outbox.flush()
    former?.close()
  }

  #showAgents({ presence }) {
    const agents = presence.others?.filter(({ type }) => type === 'agent')
    this.agents.textContent = !agents
      ? 'Not connected'
      : agents.length > 0
        ? `${agents.map(({ name, status }) => (status === 'online' ? name : `${name} (${status})`)).join(', ')} is here`
        : 'Nobody of the team is here'
    this.agents.dataset.here = Boolean(agents?.length)
  }
}
