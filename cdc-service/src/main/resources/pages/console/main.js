// The console: asks the service once a second how it is, and shows it. Without a good key it asks for one.
import { Failure, askJson, key } from './api.js'
import { channels } from './channels.js'
import { write } from './format.js'
import { shortcuts } from './keys.js'
import { plots } from './plots.js'
import { showJournal, showSlot, showTiles, showWithheld, trouble } from './state.js'
import { tail } from './tail.js'
import { themeSwitch } from './theme.js'

const EVERY = 1000

const byId = (id) => document.getElementById(id)
const turnTheme = themeSwitch(byId('theme'))
const drawn = plots()
const refreshChannels = channels()
const journalTail = tail()
let started = null
let timer = null

const isOpen = () => !byId('console').hidden

function link(text, kind) {
  byId('link').hidden = false
  byId('link').className = `pill ${kind}`
  write(byId('link'), text)
}

function troubled(text) {
  byId('trouble').hidden = !text
  write(byId('trouble'), text)
}

function show(snapshot) {
  if (started !== null && started !== snapshot.started) {
    drawn.forget()
    journalTail.start()
  }
  const isSame = started === snapshot.started
  started = snapshot.started
  if (isSame || drawn.last() === 0) drawn.add(snapshot.samples)
  showTiles(snapshot, drawn)
  showSlot(snapshot)
  showJournal(snapshot)
  showWithheld(snapshot)
  troubled(trouble(snapshot))
  const isGood = snapshot.capture.state === 'streaming' && snapshot.journal.keeping
  link(isGood ? 'Live' : 'Degraded', isGood ? 'good' : 'bad')
}

const snapshot = (options) => askJson(`/api/console?after=${drawn.last()}`, options)

async function turn() {
  try {
    if (!document.hidden) {
      const [now] = await Promise.all([snapshot(), refreshChannels()])
      show(now)
    }
  } catch (error) {
    if (!isOpen()) return
    if (error.isKey) {
      signOut(`The key is not good any more. ${error.message}`)
      return
    }
    link('Not connected', 'bad')
    troubled(error instanceof Failure ? error.message : 'The service answered something that this page does not understand.')
  }
  if (isOpen()) timer = setTimeout(turn, EVERY)
}

function open() {
  byId('sign-in').hidden = true
  byId('console').hidden = false
  byId('sign-out').hidden = false
  journalTail.start()
  clearTimeout(timer)
  turn()
}

function signOut(why = '') {
  key.forget()
  clearTimeout(timer)
  journalTail.stop()
  drawn.forget()
  started = null
  byId('console').hidden = true
  byId('sign-out').hidden = true
  byId('link').hidden = true
  askForKey(why)
}

function askForKey(why = '') {
  byId('sign-in').hidden = false
  write(byId('key-error'), why)
  byId('key').focus()
}

byId('key-form').addEventListener('submit', async (submit) => {
  submit.preventDefault()
  const field = byId('key')
  const tried = field.value.trim()
  write(byId('key-error'), '')
  try {
    await snapshot({ with: tried })
    key.set(tried)
    field.value = ''
    field.removeAttribute('aria-invalid')
    open()
    byId('main').focus({ preventScroll: true })
    scrollTo(0, 0)
  } catch (error) {
    field.setAttribute('aria-invalid', 'true')
    write(byId('key-error'), error.message)
    field.focus()
  }
})
byId('sign-out').addEventListener('click', () => signOut())
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && isOpen()) {
    clearTimeout(timer)
    turn()
  }
})
shortcuts({ isOpen, pause: journalTail.pause, turnTheme })

if (key.get()) open()
else askForKey()
