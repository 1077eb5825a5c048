// Who plays here: the sample organisation, its agent, its conversations and their visitors, each with a token. Only
// `campfire demo` hands these out; a service of your own has no content there.

const RENEW_BEFORE_MS = 5 * 60 * 1000

export class Session {
  static async open() {
    const session = new Session()
    await session.renew()
    return session
  }

  async renew() {
    const answer = await fetch('/demo/session', { headers: { accept: 'application/json' } })
    if (answer.status !== 200) throw new Error(`status ${answer.status}`)
    Object.assign(this, await answer.json())
  }

  get agentToken() {
    return this.#current().then(() => this.agent.token)
  }

  visitorToken(conversation) {
    return this.#current().then(() => this.conversations.find(({ id }) => id === conversation).token)
  }

  async #current() {
    // A token that has ended can't be renewed while the network is off, which is no reason to fail here.
    if (this.expires * 1000 - Date.now() < RENEW_BEFORE_MS) await this.renew().catch(() => {})
  }
}
