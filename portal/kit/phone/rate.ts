/** `soundRate` of the contract, which brings zod along. */
export const soundRate = 16_000
