// One side of the demo, as an application of its own would be: its network, its supabase-js client, what it sends.

import { Network } from './network.js'
import { Outbox } from './outbox.js'

const { createClient } = globalThis.supabase

export class Side extends EventTarget {
  /** By its id. */
  conversations = new Map()

  /**
   * @param name 'widget' or 'dashboard'
   * @param person { id, name, type }, type being what the table calls a sender
   * @param token resolves to the token of who is signed in
   */
  constructor({ name, person, organization, anonKey, token, log, condition }) {
    super()
    Object.assign(this, { name, person, organization, anonKey, token, log })
    this.network = new Network()
    this.network.set(condition)
    this.client = createClient(location.origin, anonKey, {
      accessToken: token,
      global: { fetch: this.network.fetch },
      realtime: {
        transport: this.network.WebSocket,
        // Its own pauses grow to ten seconds, which is right, and dull to watch.
        reconnectAfterMs: () => 1000,
      },
    })
    this.outbox = new Outbox(`${name}-${person.id}`, (draft) => this.#post(draft), {
      written: (draft, row, isRepeated) => {
        log.http(this, `201 POST /api/messages${isRepeated ? ' (written before: answered again)' : ''}`, row)
        this.conversations.get(draft.conversation)?.take(row)
      },
      refused: (draft, problem) => {
        log.http(this, `${problem.status} POST /api/messages`, problem)
        this.conversations.get(draft.conversation)?.expect({ ...draft, problem: describe(problem) })
      },
      changed: () => this.dispatchEvent(new Event('queue')),
    })
    this.network.addEventListener('change', () => {
      log.note(this, NOTES[this.network.condition])
      if (this.network.allows.requests) this.outbox.flush()
      this.dispatchEvent(new Event('queue'))
    })
  }

  get senders() {
    return this.person.type === 'customer' ? ['customer'] : ['agent', 'system']
  }

  get otherSenders() {
    return this.person.type === 'customer' ? ['agent', 'system'] : ['customer']
  }

  async headers() {
    return { apikey: this.anonKey, authorization: `Bearer ${await this.token()}` }
  }

  /** Calls the API of the service; rejects when there is no answer. */
  async call(method, path, body) {
    return this.network.fetch(path, {
      method,
      headers: { ...(await this.headers()), ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
  }

  async #post({ key, conversation, content }) {
    return this.network.fetch('/api/messages', {
      method: 'POST',
      headers: { ...(await this.headers()), 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        conversation_id: conversation,
        organization_id: this.organization,
        content,
        sender_type: this.person.type,
        sender_name: this.person.name,
        metadata: { client_key: key },
      }),
    })
  }

  async close() {
    for (const conversation of this.conversations.values()) conversation.close()
    await this.client.removeAllChannels()
  }
}

const NOTES = {
  online: 'Online again: supabase-js joins its channels, and the queue is sent.',
  nosocket: 'Websockets are refused, as some proxies do: server-sent events take over.',
  polling: 'Websockets and streams are refused: the channels are asked every 1.5 seconds.',
  offline: 'Offline: what is written waits in the queue.',
}

/** A problem as RFC 9457 has it, in a line. */
function describe(problem) {
  const fields = (problem.errors ?? []).map(({ field, detail }) => `${field} ${detail}`)
  return fields.length > 0 ? fields.join('; ') : (problem.detail ?? problem.title ?? 'refused')
}
