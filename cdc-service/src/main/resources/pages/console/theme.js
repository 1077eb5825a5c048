// Light, dark, or as the system has it. The choice is no secret and is kept beyond the tab.
const KEPT = 'campfire.theme'
const NAMES = { system: 'Auto', light: 'Light', dark: 'Dark' }
const NEXT = { system: 'dark', dark: 'light', light: 'system' }
const listeners = []

const current = () => (localStorage.getItem(KEPT) in NAMES ? localStorage.getItem(KEPT) : 'system')

function show(button) {
  const theme = current()
  document.documentElement.dataset.theme = theme
  button.textContent = NAMES[theme]
  button.setAttribute('aria-label', `Colours: ${NAMES[theme]}`)
  for (const listener of listeners) listener()
}

/** Calls back when colours have changed, whoever changed them. */
export const onColours = (listener) => listeners.push(listener)

export function themeSwitch(button) {
  const turn = () => {
    localStorage.setItem(KEPT, NEXT[current()])
    show(button)
  }
  button.addEventListener('click', turn)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => show(button))
  show(button)
  return turn
}
