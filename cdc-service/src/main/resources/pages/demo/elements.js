/** A new element. Text is only ever text: what comes from the network is never markup. */
export function element(name, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(attribute, value)
  }
  if (text !== undefined) made.textContent = text
  made.append(...children.filter(Boolean))
  return made
}
