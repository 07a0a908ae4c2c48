import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { identity, type Me } from '#contract/identity.ts'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, IconSun } from '../kit/icons.ts'
import { Menu } from '../kit/Menu.tsx'
import { Avatar } from '../kit/parts.tsx'
import { language, nameOf, setLanguage } from '../kit/words.ts'
import { useAllCommands, useCommands } from './commands.ts'
import { closeLive } from './live.ts'
import { signedOut } from './signingOut.ts'
import { type Shade, setShade, useTheme } from './theme.ts'
import { w } from './words.ts'

function turnLanguage(): void {
  const next = language() === 'zh' ? 'en' : 'zh'
  setLanguage(next)
  // The language is also kept with the account; on this machine it has changed already.
  void call(identity.changeMe, { body: { language: next } }).catch(() => undefined)
}

/** Who I am, my language, light or dark, and the way out; the palette offers the same. */
export function Account({ me }: { me: Me }) {
  const go = useNavigate()
  const { shade } = useTheme()
  const acts = useMemo(() => {
    const leave = async () => {
      if (!(await signedOut())) return
      closeLive()
      queryClient.clear()
      await go({ to: '/login' })
    }
    const wear = (next: Shade, name: string) => ({ id: `shade-${next}`, name, run: () => setShade(next) })
    return {
      language: { id: 'language', name: w.language, icon: <IconLanguage size={16} />, run: turnLanguage },
      shades: [
        { ...wear('light', w.light), icon: <IconSun size={16} /> },
        { ...wear('dark', w.dark), icon: <IconMoon size={16} /> },
        { ...wear('system', w.system), icon: <IconDeviceDesktop size={16} /> },
      ],
      leave: { id: 'leave', name: w.signOut, icon: <IconLogout size={16} />, run: () => void leave() },
    }
  }, [go])
  useCommands([acts.language, ...acts.shades, acts.leave], language())
  const phone = useAllCommands().find(c => c.id === 'phone.settings')
  const { name, login } = me.user
  return (
    <Menu
      items={[
        {
          key: 'name',
          disabled: true,
          label: (
            <span className="whoami">
              <b>{name}</b>
              <span>
                {login}
                <i className="sep" />
                {nameOf(me.tenant)}
              </span>
            </span>
          ),
        },
        { type: 'divider' },
        ...(phone ? [{ key: 'phone', icon: phone.icon, label: phone.name, onClick: phone.run }] : []),
        { key: 'language', icon: acts.language.icon, label: acts.language.name, onClick: acts.language.run },
        { type: 'divider' },
        ...acts.shades.map(s => ({ key: s.id, icon: s.icon, label: s.name, chosen: s.id === `shade-${shade}`, onClick: s.run })),
        { type: 'divider' },
        { key: 'leave', icon: acts.leave.icon, label: acts.leave.name, onClick: acts.leave.run },
      ]}
    >
      <button type="button" className="me" aria-label={`${w.account} ${name}`}>
        <Avatar name={name} size={32} />
      </button>
    </Menu>
  )
}
