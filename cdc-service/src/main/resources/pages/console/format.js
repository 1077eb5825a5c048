// Figures as people read them, and elements made of text alone: what comes from the network is never markup.
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

export function number(value) {
  if (value === null || value === undefined) return '–'
  if (value < 10_000) return String(Math.round(value))
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)}k`
  return `${(value / 1_000_000).toFixed(1)}M`
}

export function bytes(value) {
  if (value === null || value === undefined) return '–'
  let unit = 0
  let rest = Math.abs(value)
  while (rest >= 1024 && unit < UNITS.length - 1) {
    rest /= 1024
    unit++
  }
  return `${unit === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${UNITS[unit]}`
}

export function millis(value) {
  if (value === null || value === undefined) return '–'
  if (value >= 10_000) return `${Math.round(value / 1000)} s`
  return value >= 100 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`
}

/** How long ago something was. */
export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000))
  if (seconds < 2) return 'just now'
  if (seconds < 120) return `${seconds} s ago`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} days ago`
}

export function clock(time) {
  const date = new Date(time)
  return `${date.toLocaleTimeString([], { hour12: false })}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

export function element(name, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(attribute, value)
  }
  if (text !== undefined) made.textContent = text
  made.append(...children.filter(Boolean))
  return made
}

/** Changes text only where it is another one, so that nothing is drawn anew for nothing. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** Shows a list of [term, text, kind] in a <dl>, and reuses what is there. */
export function describe(list, entries) {
  while (list.children.length > entries.length * 2) list.lastElementChild.remove()
  entries.forEach(([term, text, kind], index) => {
    if (!list.children[index * 2]) list.append(element('dt'), element('dd'))
    write(list.children[index * 2], term)
    const value = list.children[index * 2 + 1]
    write(value, text)
    value.className = kind ?? ''
  })
}

/** Shows rows of [text, className] cells in a <tbody>, and reuses what is there. */
export function fill(body, rows) {
  while (body.children.length > rows.length) body.lastElementChild.remove()
  rows.forEach((cells, index) => {
    const row = body.children[index] ?? body.appendChild(element('tr', {}, cells.map(() => element('td'))))
    cells.forEach(([text, kind], place) => {
      write(row.children[place], text)
      if (row.children[place].className !== (kind ?? '')) row.children[place].className = kind ?? ''
    })
  })
}
