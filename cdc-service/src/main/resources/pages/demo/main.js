import { Dashboard } from './dashboard.js'
import { Log } from './log.js'
import { Session } from './session.js'
import { Widget } from './widget.js'

const byId = (id) => document.getElementById(id)

async function start() {
  let session
  try {
    session = await Session.open()
  } catch {
    byId('no-session').hidden = false
    return
  }
  byId('stage').hidden = false
  const nicknames = new Map([
    [session.organization.id, 'sample'],
    ...session.conversations.map(({ id, visitor }) => [id, visitor.name.split(' ')[0].toLowerCase()]),
  ])
  const log = new Log(byId('events'), nicknames)
  new Dashboard(byId('dashboard'), session, log)
  const wish = new URLSearchParams(location.search).get('visitor')
  const sample = session.conversations.find(({ visitor }) => visitor.id === wish) ?? session.conversations[0]
  new Widget(byId('widget'), session, log).become(sample.id)
  showSnippet(session, sample)
  showTour()
}

/** Open for who is here for the first time, where there is room. */
function showTour() {
  const tour = document.querySelector('.tour')
  const known = 'campfire-demo-tour-seen'
  tour.open = !localStorage.getItem(known) && matchMedia('(min-width: 56rem)').matches
  tour.addEventListener('toggle', () => {
    if (!tour.open) localStorage.setItem(known, 'yes')
  })
}

/** The README's, filled in. */
function showSnippet(session, sample) {
  const text = `import { createClient } from '@supabase/supabase-js'

const supabase = createClient('${location.origin}', ANON_KEY)

const resume = {}   // supabase-js sends it again with each join that it makes by itself
supabase
  .channel('org:${session.organization.id}:conv:${sample.id}', { config: { broadcast: { resume } } })
  .on('broadcast', { event: '*' }, ({ event, payload, meta }) => {
    if (meta?.id) resume.after = meta.id
    console.log(event, payload.record?.content)
  })
  .subscribe((status) => console.log(status))`
  const place = byId('snippet')
  place.textContent = text
  byId('copy').addEventListener('click', async () => {
    await navigator.clipboard?.writeText(text.replace('ANON_KEY', `'${session.anonKey}'`))
    byId('copied').textContent = 'Copied, with the key.'
  })
}

start()
