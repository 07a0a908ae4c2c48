/** Browser and system in a word each; what is not known is shown as it is. */
export function deviceOf(agent: string): string {
  const browser = /Edg\//.test(agent) ? 'Edge' : (/(Firefox|Chrome|Safari)\//.exec(agent)?.[1] ?? '')
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(agent)?.[0] ?? ''
  return [browser, system].filter(Boolean).join(', ') || agent.slice(0, 40)
}
