import { Button, Upload } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { announcementSounds, type HeardSound, speech } from '#contract/sounds.ts'
import { call, RefusalError } from '../../kit/call.ts'
import { useFetch } from '../../kit/data.ts'
import { IconMicrophone, IconPlayerPlay, IconX } from '../../kit/icons.ts'
import { Failure } from '../../kit/parts.tsx'
import { clockText, useNow } from '../../kit/time.ts'
import { playSounds } from './sounding.ts'
import { uploadSound } from './uploading.ts'
import { w } from './words.ts'

type Props = { value?: HeardSound | null; onChange?: (sound: HeardSound | null) => void; language: 'zh' | 'en'; text: () => unknown }

/** A sound: brought as a file, recorded with the microphone here, or spoken by the provider from what stands above. */
export function SoundPick({ value, onChange, language, text }: Props) {
  const [state, setState] = useState<{ working: boolean; error: RefusalError | null }>({ working: false, error: null })
  const provider = useFetch(speech.read, {}, { staleTime: 60_000 }).data
  const take = async (made: Promise<HeardSound>) => {
    setState({ working: true, error: null })
    try {
      onChange?.(await made)
      setState({ working: false, error: null })
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      setState({ working: false, error })
    }
  }
  const recorder = useRecorder(sound => void take(uploadSound(sound, 'recorded')))
  const spoken = () => String(text() ?? '').trim()
  return (
    <div className="col">
      <span className="row wrap">
        {value && (
          <>
            <Button icon={<IconPlayerPlay size={14} />} onClick={() => void playSounds([value.url])}>
              {clockText(value.seconds * 1000)}
            </Button>
            <Button
              type="text"
              aria-label={w.removeSound}
              title={w.removeSound}
              icon={<IconX size={14} />}
              onClick={() => onChange?.(null)}
            />
          </>
        )}
        <Upload
          accept="audio/*,.flac,.opus,.m4a"
          showUploadList={false}
          beforeUpload={file => {
            void take(uploadSound(file, file.name))
            return false
          }}
        >
          <Button loading={state.working}>{state.working ? w.uploading : w.upload}</Button>
        </Upload>
        {recorder.since === null ? (
          <Button
            icon={<IconMicrophone size={14} />}
            disabled={state.working}
            onClick={() => {
              setState({ working: false, error: null })
              void recorder.begin()
            }}
          >
            {w.record}
          </Button>
        ) : (
          <Button danger onClick={recorder.end}>
            {w.stop} <Since at={recorder.since} />
          </Button>
        )}
        {provider?.enabled && (
          <Button
            disabled={state.working || recorder.since !== null}
            onClick={() => {
              const said = spoken()
              if (said) void take(call(announcementSounds.speak, { body: { text: said, language } }))
            }}
          >
            {w.speakIt}
          </Button>
        )}
      </span>
      {recorder.denied && <span className="bac f12">{w.noMicrophone}</span>}
      {state.error && <Failure error={state.error} />}
    </div>
  )
}

const Since = ({ at }: { at: number }) => <span>{clockText(useNow() - at)}</span>

/** The microphone of this browser. It is let go when the recording ends or the page is left. */
function useRecorder(done: (sound: Blob) => void) {
  const [since, setSince] = useState<number | null>(null)
  const [denied, setDenied] = useState(false)
  const running = useRef<MediaRecorder | null>(null)
  useEffect(() => () => drop(running.current), [])
  return {
    since,
    denied,
    begin: async () => {
      const stream = await navigator.mediaDevices?.getUserMedia({ audio: true }).catch(() => null)
      setDenied(!stream)
      if (!stream) return
      const recorder = new MediaRecorder(stream)
      const parts: Blob[] = []
      recorder.ondataavailable = ({ data }) => parts.push(data)
      recorder.onstop = () => {
        for (const track of stream.getTracks()) track.stop()
        setSince(null)
        done(new Blob(parts, { type: recorder.mimeType }))
      }
      running.current = recorder
      recorder.start()
      setSince(Date.now())
    },
    end: () => running.current?.stop(),
  }
}
function drop(recorder: MediaRecorder | null): void {
  if (!recorder) return
  recorder.onstop = null
  for (const track of recorder.stream.getTracks()) track.stop()
}
