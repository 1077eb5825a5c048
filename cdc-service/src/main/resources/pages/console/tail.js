// The end of the journal as it grows, filtered by the service and searched here; a range of it can be replayed.
import { Failure, ask, lines } from './api.js'
import { clock, element, write } from './format.js'
import { replay } from './replay.js'

const SHOWN = 200
const AGAIN = 2000

const byId = (id) => document.getElementById(id)

export function tail() {
  const list = byId('tail-rows')
  let ending = new AbortController()
  let isPaused = false
  let waiting = []
  let after = null
  let marks = []

  function query() {
    const asked = new URLSearchParams({ follow: 'true', over_gaps: 'true' })
    const from = byId('tail-from').value
    if (after) asked.set('after', after)
    else if (from === 'latest') asked.set('after', 'latest')
    else asked.set('from', from === 'beginning' ? from : new Date(Date.now() - Number(from) * 1000).toISOString())
    for (const name of ['channel', 'event']) {
      const wanted = byId(`tail-${name}`).value.trim()
      if (wanted) asked.set(name, wanted)
    }
    return asked
  }

  function matches(event) {
    const text = byId('tail-text').value.trim().toLowerCase()
    return !text || JSON.stringify([event.channel, event.event, event.payload]).toLowerCase().includes(text)
  }

  function line(event) {
    const summary = element('div', { class: 'summary' }, [
      element('time', { text: clock(event.commit_timestamp), datetime: event.commit_timestamp }),
      element('b', { text: event.event }),
      element('span', { class: 'code', text: event.channel }),
      // Space on the line does the same: one stop for the keyboard is enough.
      element('button', { type: 'button', tabindex: '-1', class: 'mark', text: 'Mark', 'aria-label': `Mark ${event.event} for a replay` }),
    ])
    const row = element('li', { tabindex: '-1', 'aria-expanded': 'false' }, [summary])
    row.event = event
    return row
  }

  // What has come since the last frame goes in at once; the oldest go, so that the list never grows.
  function flush() {
    const fresh = waiting.splice(0).slice(-SHOWN)
    if (fresh.length === 0) return
    const hadFocus = list.contains(document.activeElement)
    list.prepend(...fresh.reverse().map(line))
    while (list.children.length > SHOWN) list.lastElementChild.remove()
    if (!list.querySelector('[tabindex="0"]')) list.firstElementChild.tabIndex = 0
    if (hadFocus && !list.contains(document.activeElement)) list.firstElementChild.focus()
    count()
  }

  function count() {
    write(byId('tail-status'), isPaused ? `paused, ${waiting.length} waiting` : `${list.children.length} shown`)
  }

  function take(event) {
    if (!matches(event)) return
    waiting.push(event)
    if (waiting.length > SHOWN) waiting.shift()
    if (isPaused) count()
    else if (waiting.length === 1) requestAnimationFrame(flush)
  }

  async function follow(signal) {
    while (!signal.aborted) {
      try {
        const answer = await ask(`/api/journal/events?${query()}`, { signal, patience: 0 })
        if (!isPaused) count()
        for await (const told of lines(answer)) {
          if (told.position) after = told.position
          if (!told.control) take(told)
          else if (told.control === 'error') throw new Failure(told.message)
        }
      } catch (error) {
        if (signal.aborted) return
        write(byId('tail-status'), error.status === 404 ? 'This service has no journal to read.' : error.message)
        if ([400, 401, 403, 404].includes(error.status)) return
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN))
    }
  }

  function start() {
    ending.abort()
    ending = new AbortController()
    waiting = []
    after = null
    list.replaceChildren()
    mark()
    write(byId('tail-status'), 'waiting for events')
    follow(ending.signal)
  }

  function pause() {
    isPaused = !isPaused
    byId('tail-pause').setAttribute('aria-pressed', String(isPaused))
    byId('tail-pause').textContent = isPaused ? 'Go on' : 'Pause'
    if (!isPaused) flush()
    count()
  }

  function toggle(row) {
    const isOpen = row.getAttribute('aria-expanded') === 'true'
    row.setAttribute('aria-expanded', String(!isOpen))
    if (isOpen) row.querySelector('pre').remove()
    else row.append(element('pre', { text: JSON.stringify({ id: row.event.id, seq: row.event.seq, payload: row.event.payload, meta: row.event.meta }, null, 2) }))
  }

  /** Marks an end of the range; the third mark begins another range. */
  function mark(row) {
    if (!row) marks = []
    else if (marks.includes(row.event)) marks = marks.filter((event) => event !== row.event)
    else marks = marks.length === 2 ? [row.event] : [...marks, row.event]
    marks.sort((one, other) => (one.position < other.position ? -1 : 1))
    for (const each of list.children) each.classList.toggle('marked', marks.includes(each.event))
    byId('replay').disabled = marks.length === 0
    byId('range-clear').hidden = marks.length === 0
    const text = marks.length === 0
      ? 'To replay events, mark the first and the last: Space on a line, or its button.'
      : `From ${clock(marks[0].commit_timestamp)} to ${clock(marks.at(-1).commit_timestamp)}`
    write(byId('range-text'), text)
  }

  function step(row, way) {
    const next = way > 0 ? row.nextElementSibling : row.previousElementSibling
    if (!next) return
    next.focus()
  }

  list.addEventListener('click', (click) => {
    const row = click.target.closest('li')
    if (!row || click.target.closest('pre')) return
    if (click.target.closest('.mark')) mark(row)
    else toggle(row)
  })
  // The line that has the focus, however it got it, is where the Tab key leads back to.
  list.addEventListener('focusin', ({ target }) => {
    const row = target.closest('li')
    for (const other of list.querySelectorAll('[tabindex="0"]')) if (other !== row) other.tabIndex = -1
    row.tabIndex = 0
  })
  list.addEventListener('keydown', (press) => {
    const row = press.target
    const actions = { Enter: () => toggle(row), ' ': () => mark(row), ArrowDown: () => step(row, 1), ArrowUp: () => step(row, -1) }
    if (row.tagName !== 'LI' || !actions[press.key]) return
    press.preventDefault()
    actions[press.key]()
  })
  byId('tail-form').addEventListener('submit', (submit) => {
    submit.preventDefault()
    start()
  })
  byId('tail-from').addEventListener('change', start)
  byId('tail-pause').addEventListener('click', pause)
  byId('range-clear').addEventListener('click', () => mark())
  byId('replay').addEventListener('click', () => replay(marks, byId('tail-channel').value.trim(), byId('tail-event').value.trim()))

  return { start, pause, stop: () => ending.abort() }
}
