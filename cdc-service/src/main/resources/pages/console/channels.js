// The channels with most subscribers, searched by the service: this page never holds more than a hundred.
import { askJson } from './api.js'
import { fill, number, write } from './format.js'

const KINDS = {
  public: 'public',
  private: 'private',
  protected: 'standard, private',
  private_presence: 'presence, private',
  changes: 'postgres_changes',
}
const LIMIT = 100

export function channels() {
  const search = document.getElementById('channel-search')
  let asked = 0

  async function refresh() {
    const mine = ++asked
    const answer = await askJson(`/api/console/channels?limit=${LIMIT}&search=${encodeURIComponent(search.value.trim())}`)
    if (mine !== asked) return
    const rows = answer.channels.map((channel) => [
      [channel.name, 'code'],
      [KINDS[channel.kind] ?? channel.kind],
      [number(channel.subscribers), 'number'],
    ])
    if (rows.length === 0) rows.push([[answer.total === 0 ? 'Nobody listens to anything.' : 'No channel has this in its name.'], [''], ['']])
    fill(document.getElementById('channel-rows'), rows)
    const found = search.value.trim() ? `${answer.found} of ${answer.total}` : `${answer.total}`
    write(
      document.getElementById('channels-found'),
      answer.found > LIMIT ? `${found} channels, the ${LIMIT} with most subscribers` : `${found} channels`,
    )
  }

  let typed
  search.addEventListener('input', () => {
    clearTimeout(typed)
    typed = setTimeout(() => refresh().catch(() => {}), 150)
  })
  return refresh
}
