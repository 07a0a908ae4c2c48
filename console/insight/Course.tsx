import type { Figures } from '#contract/insight.ts'
import { useMe } from '../app/me.ts'
import { withGaps } from '../kit/time.ts'
import { language } from '../kit/words.ts'
import { Chart, type Look } from './Chart.tsx'
import { w } from './figures.words.ts'

/** Contacts over the period: those answered in time, and the others that were offered. */
export default function Course({ figures }: { figures: Figures }) {
  const timezone = useMe()?.tenant.timezone ?? 'Asia/Shanghai'
  const { course, step } = figures
  return <Chart label={w.course} stamp={JSON.stringify([course, step, timezone])} option={look => optionOf(figures, timezone, look)} />
}

function optionOf({ course, step }: Figures, timeZone: string, { color, frame, over }: Look) {
  const label = new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone,
    ...(step === 'hour'
      ? { hour: '2-digit', minute: '2-digit', hour12: false }
      : step === 'day'
        ? { month: 'numeric', day: 'numeric' }
        : { month: 'short' }),
  })
  const bar = { type: 'bar' as const, stack: 'course', barMaxWidth: 28 }
  return {
    ...frame,
    grid: { left: 48, right: 12, top: 10, bottom: 24 },
    xAxis: over(course.map(c => withGaps(label.format(c.at)))),
    series: [
      { ...bar, name: w.inTarget, data: course.map(c => c.answeredInTarget), itemStyle: { color: color('--c1') } },
      {
        ...bar,
        name: w.otherOffered,
        data: course.map(c => c.offered - c.answeredInTarget),
        itemStyle: { color: color('--c7'), borderRadius: [2, 2, 0, 0] },
      },
    ],
  }
}
