export { countAll } from './counting.ts'
export { checkSubject, declaredFigure, figureOver, measureFor, namesOfSubjects } from './measuring.ts'
