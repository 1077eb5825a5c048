// Replays a range of the journal, after it was asked whether it should.
import { ask, lines } from './api.js'
import { clock, write } from './format.js'

const byId = (id) => document.getElementById(id)

function confirmed(text) {
  const dialog = byId('replay-ask')
  write(byId('replay-what'), text)
  dialog.returnValue = 'no'
  dialog.showModal()
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }))
}

/** Replays from the first marked event to the last, what of it the filters let through. */
export async function replay(marks, channel, event) {
  if (marks.length === 0 || byId('replay-ask').open) return
  const [first, last] = [marks[0], marks.at(-1)]
  const what = [channel && `on ${channel}`, event && `named ${event}`].filter(Boolean).join(' ')
  const text = `All events ${what} from ${clock(first.commit_timestamp)} to ${clock(last.commit_timestamp)}.`
  if (!(await confirmed(text.replace('  ', ' ')))) return
  const status = byId('replay-status')
  write(status, 'Replaying …')
  try {
    const answer = await ask('/api/journal/replay', {
      method: 'POST',
      patience: 0,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        from: first.id,
        to: last.id,
        ...(channel && { channel }),
        ...(event && { event }),
      }),
    })
    for await (const told of lines(answer)) {
      if (told.control === 'error') throw new Error(told.message)
      if (told.control === 'end') write(status, `${told.events} ${told.events === 1 ? 'event' : 'events'} replayed.`)
      else if (told.control === 'gap') write(status, `Something is missing in this range; ${told.events ?? 0} events were replayed.`)
      else write(status, `${told.events ?? 0} replayed so far …`)
    }
  } catch (error) {
    write(status, `Not replayed: ${error.message}`)
  }
}
