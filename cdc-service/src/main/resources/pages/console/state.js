// Slot, journal, capture and what was withheld, from a snapshot.
import { ago, bytes, describe, fill, millis, number, write } from './format.js'

const WAL = {
  reserved: 'reserved: all that is needed is kept',
  extended: 'extended: more is kept than max_wal_size, for this slot',
  unreserved: 'unreserved: about to be lost, the service has to catch up',
  lost: 'lost: what was committed meanwhile will never come',
}

export function showTiles(snapshot, plots) {
  const values = {
    connections: number(plots.newest('connections')),
    channels: number(snapshot.counts.channels),
    subscriptions: number(snapshot.counts.subscriptions),
    published: number(plots.newest('published')),
    broadcast: number(plots.newest('broadcast')),
    delivered: number(plots.newest('delivered')),
    latency: millis(plots.newest('latency_p50_ms')),
    lag: bytes(snapshot.slot.lag_bytes),
  }
  for (const [name, text] of Object.entries(values)) write(document.querySelector(`[data-value="${name}"]`), text)
}

export function showSlot({ slot, capture }) {
  const isStreaming = capture.state === 'streaming'
  const rows = [
    ['Name', slot.name],
    ['Service', isStreaming ? `reads changes, begun ${ago(capture.since)}` : capture.state, isStreaming ? 'good' : 'bad'],
  ]
  if (slot.problem) {
    rows.push(['Slot', slot.problem, 'bad'])
  } else if (slot.active !== undefined) {
    rows.push(
      ['Slot', slot.active ? 'active' : 'nobody reads from it', slot.active ? 'good' : 'bad'],
      ['Confirmed', slot.confirmed_lsn ?? 'nothing yet', 'code'],
      ['Postgres is at', slot.current_lsn, 'code'],
      ['Behind by', bytes(slot.lag_bytes)],
      ['WAL', WAL[slot.wal_status] ?? slot.wal_status ?? 'unknown', ['lost', 'unreserved'].includes(slot.wal_status) ? 'bad' : ''],
      ['In danger after', slot.safe_wal_size === null ? 'never: Postgres keeps it without a limit' : bytes(slot.safe_wal_size)],
    )
  }
  describe(document.getElementById('slot-state'), rows)
}

export function showJournal({ journal }) {
  describe(document.getElementById('journal-state'), [
    ['Kept', journal.durable ? 'on disk' : 'in memory: nothing outlives the process', journal.durable ? '' : 'warn'],
    ['State', journal.keeping ? 'keeps what comes' : journal.problem ?? 'keeps nothing now', journal.keeping ? 'good' : 'bad'],
    ['Size', `${bytes(journal.bytes)} before compression`],
    ['Oldest', journal.oldest ? ago(journal.oldest) : 'empty'],
    ['Without a gap since', journal.complete_since ? ago(journal.complete_since) : '–'],
    ['Gaps', number(journal.gaps), journal.gaps > 0 ? 'warn' : ''],
  ])
}

export function showWithheld({ withheld, unmapped }) {
  const rows = withheld.map((line) => [
    [`${line.change} (${line.lane})`],
    [`role ${line.role}`],
    [line.reason],
    [number(line.count), 'number'],
    [ago(line.last)],
  ])
  for (const line of unmapped) rows.push([['a change'], ['everybody'], [line.reason], [number(line.count), 'number'], ['']])
  if (rows.length === 0) rows.push([['Nothing so far.'], [''], [''], [''], ['']])
  fill(document.getElementById('withheld-rows'), rows)
}

/** What is wrong with the service, in words; empty when nothing is. */
export function trouble({ capture, journal }) {
  if (capture.state === 'retrying') return `Changes are not read: ${capture.problem ?? ''} ${capture.remedy ?? ''} The service tries again by itself.`
  if (capture.state === 'stopped') return 'The service is being stopped.'
  if (!journal.keeping && journal.problem) return journal.problem
  return capture.history_lost ? 'The slot was found missing or lost since the service started: changes of that time were not delivered.' : ''
}
