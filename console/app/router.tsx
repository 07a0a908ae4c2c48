import { createRootRoute, createRoute, createRouter, Navigate, Outlet, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, useCallback, useEffect } from 'react'
import { pages as automation } from '../automation/routes.tsx'
import { pages as customers } from '../customers/routes.tsx'
import { pages as documents } from '../documents/routes.tsx'
import { pages as improvement } from '../improvement/routes.tsx'
import { pages as insight } from '../insight/routes.tsx'
import { pages as interactions } from '../interactions/routes.tsx'
import { IconAlertTriangle, IconLock, IconZoomQuestion } from '../kit/icons.ts'
import { Empty, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { pages as messaging } from '../messaging/routes.tsx'
import { pages as needs } from '../needs/routes.tsx'
import { pages as outgoing } from '../outgoing/routes.tsx'
import { pages as routing } from '../routing/routes.tsx'
import { pages as runs } from '../runs/routes.tsx'
import { pages as sales } from '../sales/routes.tsx'
import { pages as settings } from '../settings/routes.tsx'
import { pages as surveys } from '../surveys/routes.tsx'
import { pages as tasks } from '../tasks/routes.tsx'
import { pages as tickets } from '../tickets/routes.tsx'
import { pages as voice } from '../voice/routes.tsx'
import { useMay, useMe } from './me.ts'
import { navigation } from './navigation.tsx'
import type { Page } from './pages.ts'
import { Shell } from './Shell.tsx'
import { w } from './words.ts'

const pages: readonly Page[] = [
  ...messaging,
  ...outgoing,
  ...customers,
  ...interactions,
  ...voice,
  ...tickets,
  ...tasks,
  ...routing,
  ...surveys,
  ...insight,
  ...improvement,
  ...sales,
  ...needs,
  ...documents,
  ...automation,
  ...runs,
  ...settings,
]

const root = createRootRoute({ component: Outlet, notFoundComponent: NoPage, errorComponent: Crashed })
const LoginPage = lazy(() => import('../identity/LoginPage.tsx'))
const SetUpPage = lazy(() => import('../identity/SetUpPage.tsx'))
const SetPasswordPage = lazy(() => import('../identity/SetPasswordPage.tsx'))
const login = createRoute({ getParentRoute: () => root, path: '/login', component: () => <LoginPage /> })
const setUp = createRoute({ getParentRoute: () => root, path: '/setup', component: () => <SetUpPage /> })
const setPassword = createRoute({ getParentRoute: () => root, path: '/set-password', component: () => <SetPasswordPage /> })
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell, errorComponent: Crashed })
const start = createRoute({ getParentRoute: () => shell, path: '/', component: Start })
const elsewhere = createRoute({ getParentRoute: () => shell, path: '$', component: NoPage })
const routes = pages.map(({ path, may, page: Shown }) =>
  createRoute({
    getParentRoute: () => shell,
    path,
    errorComponent: Crashed,
    component: () => (
      <Allowed may={may}>
        <Shown />
      </Allowed>
    ),
  }),
)

export const router = createRouter({
  routeTree: root.addChildren([login, setUp, setPassword, shell.addChildren([start, ...routes, elsewhere])]),
  // Addresses are read by people: plain text, `?status=open`. Who reads a value decodes it.
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: search => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([key, value]) => (value === undefined || value === null ? [] : [[key, String(value)]])),
    ).toString()
    return text ? `?${text}` : ''
  },
  defaultPreload: false,
  scrollRestoration: true,
})

const StartPage = lazy(() => import('./StartPage.tsx'))
/** Remembered on this machine, so that a centre at work is not asked about its lists at every beginning. */
const begunAt = (tenant: string) => `huiyin.begun.${tenant}`

/** Where this person's work is: the desk, else the tickets, else the first page of the rail they may open. In a new centre its administrator is told what to set up. */
function Start() {
  const may = useMay()
  const me = useMe()
  const slug = me?.tenant.slug ?? ''
  const begun = useCallback(() => localStorage.setItem(begunAt(slug), 'yes'), [slug])
  const open = navigation.filter(n => may(n.may))
  const work = open.find(n => n.path === '/desk') ?? open.find(n => n.path === '/tickets') ?? open[0]
  const otherwise = work?.path ?? '/settings'
  const configures = may('identity:configure') && may('routing:configure')
  if (configures && !me?.tenant.sample && !localStorage.getItem(begunAt(slug))) return <StartPage otherwise={otherwise} begun={begun} />
  return <Navigate to={otherwise} replace />
}

function Allowed({ may, children }: { may: string | null; children: React.ReactNode }) {
  const allowed = useMay()
  const me = useMe()
  if (!me || allowed(may)) return children
  return (
    <Empty title={w.noRight} hint={w.noRightHint} icon={<IconLock size={24} stroke={1.75} />}>
      <Home />
    </Empty>
  )
}

function NoPage() {
  return (
    <Empty title={w.noPage} hint={w.noPageHint} icon={<IconZoomQuestion size={24} stroke={1.75} />}>
      <Home />
    </Empty>
  )
}

function Home() {
  const go = useNavigate()
  return <Button onClick={() => void go({ to: '/' })}>{w.back}</Button>
}

const openedAgain = 'huiyin.openedAgain'
const lately = () => Date.now() - Number(sessionStorage.getItem(openedAgain) ?? 0)
const mayOpenAgain = () => lately() > 60_000

/** After it was: the page says why it blinked. */
export function tellOpenedAgain(): void {
  if (lately() < 15_000) tell(w.wasUpdated)
}

function Crashed({ error: thrown }: { error: unknown }) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  // A page of yesterday's build asks for code that today's server no longer has: it is opened once more by itself.
  const old = /dynamically imported module|Importing a module script failed|Unable to preload CSS/.test(error.message)
  const again = old && mayOpenAgain()
  useEffect(() => {
    if (!again) return
    sessionStorage.setItem(openedAgain, String(Date.now()))
    location.reload()
  }, [again])
  if (again) return <Waiting rows={8} />
  return (
    <Empty title={old ? w.updated : w.crashed} hint={old ? '' : w.crashedHint} icon={<IconAlertTriangle size={24} stroke={1.75} />}>
      <Button onClick={() => location.reload()}>{w.reload}</Button>
    </Empty>
  )
}
