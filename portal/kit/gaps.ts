/** A thin gap between Chinese and figures. */
export const withGaps = (date: string): string => date.replace(/(?<=\d)(?=\p{Script=Han})|(?<=\p{Script=Han})(?=\d)/gu, ' ')
