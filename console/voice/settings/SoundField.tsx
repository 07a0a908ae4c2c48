import { Button, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import type { Sound } from '#contract/flows.ts'
import { announcements } from '#contract/voiceSettings.ts'
import { useFetch } from '../../kit/data.ts'
import { IconPlayerPlay } from '../../kit/icons.ts'
import { clockText } from '../../kit/time.ts'
import { language } from '../../kit/words.ts'
import { playSounds, useSounds } from './sounding.ts'
import { w } from './words.ts'

export const useAnnouncements = () => useFetch(announcements.list, { query: {} }).data ?? []

/** What is heard at a step: a sound of the house, or words that the provider speaks. */
export function SoundField({ sound, change }: { sound: Sound; change: (sound: Sound) => void }) {
  const [byFile, setByFile] = useState(sound.announcementId !== null || (sound.text === '' && sound.textEn === ''))
  const rows = useAnnouncements().filter(a => a.kind === 'prompt')
  const sounds = useSounds()
  const chosen = sound.announcementId === null ? undefined : sounds.get(sound.announcementId)
  const heard = language() === 'en' ? (chosen?.en ?? chosen?.zh) : (chosen?.zh ?? chosen?.en)
  const row = rows.find(r => r.id === sound.announcementId)
  return (
    <div className="field">
      <span className="row">
        {w.heard}
        <Segmented<boolean>
          size="small"
          className="end"
          aria-label={w.heard}
          value={byFile}
          onChange={next => {
            setByFile(next)
            if (!next && sound.announcementId !== null) change({ ...sound, announcementId: null })
          }}
          options={[
            { value: true, label: w.byFile },
            { value: false, label: w.byText },
          ]}
        />
      </span>
      {byFile ? (
        <>
          <span className="row">
            <Select
              className="grow"
              aria-label={w.announcement}
              allowClear
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={w.announcement}
              value={sound.announcementId}
              onChange={(id: string | undefined) => change({ ...sound, announcementId: id ?? null })}
              options={rows.map(a => ({ value: a.id, label: a.name }))}
            />
            {heard && (
              <Button icon={<IconPlayerPlay size={14} />} onClick={() => void playSounds([heard.url])}>
                {clockText(heard.seconds * 1000)}
              </Button>
            )}
          </span>
          {row && <span className="t2">{language() === 'en' ? row.textEn || row.text : row.text}</span>}
        </>
      ) : (
        <>
          <Input.TextArea
            aria-label={`${w.heard} ${w.text}`}
            placeholder={w.text}
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={500}
            value={sound.text}
            onChange={e => change({ ...sound, text: e.target.value })}
          />
          <Input.TextArea
            aria-label={`${w.heard} ${w.textEn}`}
            placeholder={w.textEn}
            lang="en"
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={500}
            value={sound.textEn}
            onChange={e => change({ ...sound, textEn: e.target.value })}
          />
          <span>{w.textHint}</span>
        </>
      )}
    </div>
  )
}
