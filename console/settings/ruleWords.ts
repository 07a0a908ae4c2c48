import { widgets } from '#contract/messaging.ts'
import type { Conditions } from '#contract/routingRules.ts'
import { segments } from '#contract/segments.ts'
import { useFetch } from '../kit/data.ts'
import { channelWord, tierWord } from '../kit/parts.tsx'
import { nameOf } from '../kit/words.ts'
import { b } from './business.words.ts'
import { useCalendars } from './fields.tsx'

/** Widgets with what customers choose in them; each choice once, whichever widgets offer it. */
export function useChoices() {
  const rows = useFetch(widgets.list, { query: {} }).data ?? []
  const known = useFetch(segments.list, { query: {} }).data ?? []
  const choices = new Map(rows.flatMap(x => x.choices.map(c => [c.key, nameOf({ name: c.label, nameEn: c.labelEn })] as const)))
  return {
    segments: known.map(s => ({ value: s.id, label: nameOf(s) })),
    widgets: rows.map(x => ({ value: x.id, label: x.name })),
    choices: [...choices].map(([value, label]) => ({ value, label })),
  }
}

/** What a rule asks, in words: only the conditions that are given. */
export function useConditionWords(): (c: Conditions) => { name: string; value: string }[] {
  const { widgets: known, choices, segments: named } = useChoices()
  const calendars = useCalendars()
  const label = (options: { value: string; label: string }[], value: string) => options.find(o => o.value === value)?.label ?? value
  const list = (values: readonly string[]) => values.join(' / ')
  return c =>
    [
      { name: b.channels, value: list(c.channels.map(channelWord)) },
      { name: b.widgets, value: list(c.widgetIds.map(id => label(known, id))) },
      { name: b.choices, value: list(c.choices.map(key => label(choices, key))) },
      { name: b.tiers, value: list(c.tiers.map(tierWord)) },
      { name: b.tags, value: list(c.tags) },
      { name: b.districts, value: list(c.districts) },
      { name: b.segments, value: list(c.segmentIds.map(id => label(named, id))) },
      { name: b.words, value: list(c.words) },
      {
        name: b.hours,
        value:
          c.hours === null
            ? ''
            : [c.hours === 'open' ? b.whileOpen : b.whileClosed, calendars.find(k => k.id === c.calendarId)?.name]
                .filter(Boolean)
                .join(' '),
      },
    ].filter(said => said.value !== '')
}
