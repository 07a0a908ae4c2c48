import { masking } from '#contract/masking.ts'
import { useFetch } from '../kit/data.ts'

/** How whoever looks sees sensitive fields. As long as it is not known, nothing is offered. */
export const useMasking = () => useFetch(masking.mine, {}).data
