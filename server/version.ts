/** Of the product, as its pages, its API and its backups tell it. */
export const version = '0.1.0'
