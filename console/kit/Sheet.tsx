// antd's drawer, for pages that show one at times: `lazy(() => import('../kit/Sheet.tsx'))` keeps it out of what they load first.
export { Drawer as default } from 'antd'
