// The key, and everything that is asked with it. It is kept by this tab alone, and never stands in an address.
const KEPT = 'campfire.console.key'
/** What can stand in a header; whatever else a clipboard brings is no key. */
const SENDABLE = /^[\x21-\x7e]+$/

/** What went wrong, in words; `isKey` says whether another key would help. */
export class Failure extends Error {
  constructor(message, isKey = false, status = 0) {
    super(message)
    this.isKey = isKey
    this.status = status
  }
}

export const key = {
  get: () => sessionStorage.getItem(KEPT),
  set: (value) => sessionStorage.setItem(KEPT, value),
  forget: () => sessionStorage.removeItem(KEPT),
}

/** Asks, and gives the answer when it is good; everything else is a Failure. */
export async function ask(path, { with: tried, patience = 10_000, ...options } = {}) {
  const bearer = tried ?? key.get()
  if (!SENDABLE.test(bearer)) throw new Failure('This is no key: it has blanks or letters that no key has.', true)
  const signals = [options.signal, patience && AbortSignal.timeout(patience)].filter(Boolean)
  let answer
  try {
    answer = await fetch(path, {
      ...options,
      signal: signals.length ? AbortSignal.any(signals) : undefined,
      headers: { ...options.headers, authorization: `Bearer ${bearer}` },
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Failure(`The service does not answer. ${tried ? 'Try again when it runs.' : 'It is asked again by itself.'}`)
  }
  if (answer.ok) return answer
  const told = await answer.json().catch(() => ({}))
  const detail = told.detail ?? told.message ?? told.error ?? `The service answered ${answer.status}.`
  throw new Failure(detail, answer.status === 401 || answer.status === 403, answer.status)
}

export const askJson = async (path, options) => (await ask(path, options)).json()

/** Reads an answer line by line, each a JSON object, until it ends. */
export async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const parts = (rest + value).split('\n')
    rest = parts.pop()
    for (const part of parts) if (part) yield JSON.parse(part)
  }
}
