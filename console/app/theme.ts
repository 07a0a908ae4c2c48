import { type ThemeConfig, theme } from 'antd'
import { useSyncExternalStore } from 'react'

export const font =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans SC Variable", "Noto Sans SC", "Noto Sans CJK SC", sans-serif'

const shared = {
  fontSize: 13,
  fontSizeSM: 12,
  fontSizeLG: 14,
  lineHeight: 1.54,
  controlHeight: 32,
  controlHeightSM: 28,
  controlHeightLG: 40,
  borderRadius: 6,
  borderRadiusSM: 4,
  borderRadiusLG: 8,
  sizeUnit: 4,
  sizeStep: 4,
  wireframe: false,
  motionDurationFast: '0.08s',
  motionDurationMid: '0.12s',
  motionDurationSlow: '0.18s',
  fontFamily: font,
}
const parts = (c: {
  surface: string
  header: string
  track: string
  picked: string
  tag: string
  tagText: string
  selected: string
  text: string
  text2: string
  accent: string
}): NonNullable<ThemeConfig['components']> => ({
  Button: { fontWeight: 500, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', paddingInline: 12 },
  Table: {
    headerBg: c.surface,
    headerColor: c.header,
    headerSplitColor: 'transparent',
    cellPaddingBlock: 9,
    cellPaddingInline: 8,
    rowSelectedBg: c.selected,
  },
  Card: { headerHeight: 44, headerFontSize: 13, bodyPadding: 16 },
  Tabs: {
    horizontalItemGutter: 20,
    horizontalItemPadding: '8px 0',
    itemColor: c.text2,
    itemSelectedColor: c.text,
    itemHoverColor: c.text,
    inkBarColor: c.accent,
  },
  Segmented: { trackBg: c.track, trackPadding: 2, itemColor: c.text2, itemSelectedBg: c.picked, itemSelectedColor: c.text },
  Form: { verticalLabelPadding: '0 0 4px', itemMarginBottom: 16 },
  Tag: { defaultBg: c.tag, defaultColor: c.tagText },
  Layout: { headerHeight: 52, headerPadding: '0 16px', headerBg: c.surface, siderBg: c.surface },
  Drawer: { paddingLG: 20 },
})

const light: ThemeConfig = {
  cssVar: { key: 'huiyin' },
  algorithm: theme.defaultAlgorithm,
  token: {
    ...shared,
    colorPrimary: '#3552D6',
    colorSuccess: '#0E7A45',
    colorWarning: '#E39A12',
    colorWarningText: '#8F5400',
    colorError: '#C22A2E',
    colorInfo: '#3552D6',
    colorLink: '#3552D6',
    colorText: '#181B22',
    colorTextSecondary: '#4A5160',
    colorTextTertiary: '#646B7A',
    colorTextPlaceholder: '#646B7A',
    colorBgLayout: '#F6F7F9',
    colorBgContainer: '#FFFFFF',
    colorFillTertiary: '#F0F2F5',
    colorBorder: '#D2D6DE',
    colorBorderSecondary: '#E5E7EC',
    controlItemBgActive: '#EEF1FE',
    boxShadow: '0 4px 16px rgba(20,24,36,.10),0 1px 3px rgba(20,24,36,.06)',
  },
  components: parts({
    surface: '#FFFFFF',
    header: '#646B7A',
    track: '#F0F2F5',
    picked: '#FFFFFF',
    tag: '#F0F2F5',
    tagText: '#4A5160',
    selected: '#EEF1FE',
    text: '#181B22',
    text2: '#4A5160',
    accent: '#3552D6',
  }),
}
/** antd dims the colours it is given for the dark; ours were chosen for it. */
const dusk: typeof theme.darkAlgorithm = (seed, map) => ({
  ...theme.darkAlgorithm(seed, map),
  colorPrimary: '#4C66E8',
  colorPrimaryHover: '#5F77EE',
  colorPrimaryActive: '#3F57D0',
  colorInfo: '#9DAEFF',
  colorLink: '#9DAEFF',
  colorLinkHover: '#B5C2FF',
  colorLinkActive: '#9DAEFF',
  colorSuccess: '#4CC38A',
  colorWarning: '#F0B450',
  colorError: '#FF8D8F',
  colorErrorText: '#FF8D8F',
})
const dark: ThemeConfig = {
  cssVar: { key: 'huiyin-dark' },
  algorithm: dusk,
  token: {
    ...shared,
    colorPrimary: '#4C66E8',
    colorLink: '#9DAEFF',
    colorInfo: '#9DAEFF',
    colorSuccess: '#4CC38A',
    colorWarning: '#F0B450',
    colorWarningText: '#F0B450',
    colorError: '#FF8D8F',
    colorText: '#E8EAEF',
    colorTextSecondary: '#B4BAC6',
    colorTextTertiary: '#8F97A7',
    colorTextPlaceholder: '#8F97A7',
    colorBgLayout: '#0E1014',
    colorBgContainer: '#15181E',
    colorBgElevated: '#1C2028',
    colorFillTertiary: '#1B1F27',
    colorBorder: '#383F4C',
    colorBorderSecondary: '#262B35',
    controlItemBgActive: '#1F2745',
    boxShadow: '0 0 0 1px #2B313C, 0 8px 24px rgba(0,0,0,.5)',
  },
  components: parts({
    surface: '#15181E',
    header: '#8F97A7',
    track: '#1B1F27',
    picked: '#383F4C',
    tag: '#1B1F27',
    tagText: '#B4BAC6',
    selected: '#1F2745',
    text: '#E8EAEF',
    text2: '#B4BAC6',
    accent: '#9DAEFF',
  }),
}

/** For a part of a page that is dark or light by its own switch. */
export const themes = { light, dark }

export type Shade = 'light' | 'dark' | 'system'
const kept = 'huiyin.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const hearers = new Set<() => void>()
let chosen: Shade = (['light', 'dark'] as const).find(s => s === localStorage.getItem(kept)) ?? 'system'

const shown = () => (chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen)
const apply = () => {
  document.documentElement.dataset.theme = shown()
  for (const hear of hearers) hear()
}
system.addEventListener('change', apply)
apply()

export const shade = (): Shade => chosen
export function setShade(next: Shade): void {
  chosen = next
  localStorage.setItem(kept, next)
  apply()
}
export function useTheme(): { config: ThemeConfig; shade: Shade; isDark: boolean } {
  const isDark = useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    () => shown() === 'dark',
  )
  const now = useSyncExternalStore(hear => {
    hearers.add(hear)
    return () => {
      hearers.delete(hear)
    }
  }, shade)
  return { config: isDark ? dark : light, shade: now, isDark }
}
