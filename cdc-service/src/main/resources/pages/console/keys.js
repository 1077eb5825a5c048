// Keyboard shortcuts: single keys, while no field has the focus.
const SECTIONS = ['rates', 'slot', 'journal', 'channels', 'withheld', 'tail']

function isTyping(target) {
  return target.closest('input, textarea, select, dialog') !== null
}

function jump(id) {
  const section = document.getElementById(id)
  section.scrollIntoView({ block: 'start' })
  section.focus({ preventScroll: true })
}

/** @param actions what `/`, `f`, `p`, `r` and `t` do, and whether there is something to jump to */
export function shortcuts({ isOpen, pause, turnTheme }) {
  const help = document.getElementById('help')
  document.getElementById('help-open').addEventListener('click', () => help.showModal())
  const keys = {
    '?': () => help.showModal(),
    t: turnTheme,
  }
  const inside = {
    '/': () => document.getElementById('channel-search').focus(),
    f: () => document.getElementById('tail-channel').focus(),
    p: pause,
    r: () => document.getElementById('replay').click(),
    ...Object.fromEntries(SECTIONS.map((section, index) => [String(index + 1), () => jump(section)])),
  }
  document.addEventListener('keydown', (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return
    if (press.key === 'Escape' && document.activeElement?.matches('input, select')) document.activeElement.blur()
    if (isTyping(press.target)) return
    const action = keys[press.key] ?? (isOpen() ? inside[press.key] : undefined)
    if (action) {
      press.preventDefault()
      action()
    }
  })
}
