export { makeSample, sampleAtStart } from './making.ts'
