/** For an antd popover beside something at the edge of the page: it moves as far as it must to stay whole within the window. */
export const within = { shiftX: true, adjustY: 1 } as const
