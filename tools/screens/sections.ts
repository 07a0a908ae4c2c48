/** The pages of settings, by their addresses (console/settings/sections.ts). */
export const sections = [
  'account',
  'people',
  'departments',
  'teams',
  'calendars',
  'queues',
  'skills',
  'staffing',
  'presence-reasons',
  'widgets',
  'canned',
  'contact-reasons',
  'contact-outcomes',
  'ticket-kinds',
  'ticket-categories',
  'rating-policy',
]
