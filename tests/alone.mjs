// The modules of the page that verifies alone, in Node: one JSON line asked, one answered. Bytes travel in base 64.
import {createInterface} from 'node:readline';
import {decodeText, parseDocument} from '../src/laurea/web/static/laurea/alone/documents.js';
import {base58, base64url, canonical, hex} from '../src/laurea/web/static/laurea/alone/encodings.js';
import {take} from '../src/laurea/web/static/laurea/alone/files.js';
import {claims, judge, needs, nothingKnown} from '../src/laurea/web/static/laurea/alone/judging.js';
import {addressOf, keyBytes} from '../src/laurea/web/static/laurea/alone/keys.js';
import {dayOf, readMoment} from '../src/laurea/web/static/laurea/alone/moments.js';

const bytes = text => new Uint8Array(Buffer.from(text, 'base64'));

function materials({documents = {}, lists = {}, failures = {}, fetched = []}) {
  const read = found => new Map(Object.entries(found).map(([name, value]) => [name, parseDocument(JSON.stringify(value))]));
  return {
    ...nothingKnown(), documents: read(documents), lists: read(lists), fetched: new Set(fetched),
    failures: new Map(Object.entries(failures))
  };
}

const operations = {
  canonical: ({data}) => canonical(parseDocument(decodeText(bytes(data)))),
  parse: ({data}) => parseDocument(decodeText(bytes(data))),
  base58: ({text}) => { const found = base58(text); return found && hex(found); },
  base64url: ({text}) => { const found = base64url(text); return found && hex(found); },
  key: ({text}) => { const found = keyBytes(text); return found && hex(found); },
  address: ({text}) => addressOf(text),
  moment: ({text}) => readMoment(text),
  day: ({text, language}) => dayOf(text, language),
  take: async ({data}) => {
    const {sort, kind, bytes: text} = await take(bytes(data));
    return {sort, kind, text: Buffer.from(text).toString('base64')};
  },
  judge: async ({data, now, ...known}) => {
    const report = await judge(bytes(data), materials(known), Date.parse(now));
    return {verdict: report.verdict, checks: report.checks, claims: claims(report), needs: report.document && needs(report.document)};
  },
  // Many texts against the same materials: their verdicts.
  verdicts: async ({texts, now, ...known}) => {
    const all = materials(known);
    return Promise.all(texts.map(async data => (await judge(bytes(data), all, Date.parse(now))).verdict));
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const {operation, ...request} = JSON.parse(line);
  let answer;
  try {
    answer = {answer: await operations[operation](request)};
  } catch(problem) {
    answer = problem.code ? {refused: problem.code, detail: problem.detail} : {crashed: problem.stack};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
