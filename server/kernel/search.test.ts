import { expect, test } from 'vitest'
import { bigramQuery, bigrams } from './search.ts'

test.each([
  ['水管漏水', "'水管':1 '管漏':2 '漏水':3 '水':4"],
  ['换 DN300 管', "'换':1 'dn300':2 '管':3"],
  ['ＤＮ３００', "'dn300':1"],
  ["it's 'quoted' \\ : & |", "'it':1 's':2 'quoted':3"],
  ['𠮷野家', "'𠮷野':1 '野家':2 '家':3"],
  ['', ''],
])('indexes %j', (text, vector) => expect(bigrams(text)).toBe(vector))

test('texts side by side do not run into each other', () => expect(bigrams('无水', '水压')).toBe("'无水':1 '水':2 '水压':4 '压':5"))

test.each([
  ['水管', "'水管'"],
  ['水管漏', "('水管' <-> '管漏')"],
  ['水', "'水':*"],
  ['Pipe burst', "'pipe':* & 'burst':*"],
  ['BX-0618-0187', "'bx':* & '0618':* & '0187':*"],
  ["'); drop table", "'drop':* & 'table':*"],
])('asks for %j', (text, query) => expect(bigramQuery(text)).toBe(query))

test('nothing to search for is nothing found', () => expect(bigramQuery('!!! …')).toBeNull())
