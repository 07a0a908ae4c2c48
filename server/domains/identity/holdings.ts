import { type Holdings, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [],
  nothing: [
    nothingPersonal(
      'our own people and organisation',
      `identity.api_key identity.calendar identity.department identity.password_link identity.person identity.recovery_code identity.role identity.second_factor
       identity.session identity.sign_in_failure identity.team identity.tenant`,
    ),
  ],
}
