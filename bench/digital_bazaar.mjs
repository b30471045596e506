// Times Digital Bazaar's libraries inside one warm process: a request a line on stdin, an answer a line on stdout.
import {createInterface} from 'node:readline';
import {issue, verifyCredential} from '@digitalbazaar/vc';
import {documentLoader, known, signingSuites, verifiers} from '../tests/interop/offline.mjs';

// Nobody's status lists are read in this benchmark; the library insists on being told so.
const checkStatus = async () => ({verified: true});

const operations = {
  know({documents}) {
    Object.entries(documents).forEach(([url, document]) => known.set(url, document));
    return {};
  },

  async sign({credentials, ...options}) {
    const suites = await signingSuites(options);
    const signed = [];
    const start = performance.now();
    for(let credential of credentials) {
      for(const suite of suites) {
        credential = await issue({credential, suite, documentLoader});
      }
      signed.push(credential);
    }
    return {seconds: (performance.now() - start) / 1000 / credentials.length, last: signed.at(-1)};
  },

  async verify({credentials, suites}) {
    const start = performance.now();
    for(const credential of credentials) {
      const suite = suites.map(name => verifiers[name]());
      const {results} = await verifyCredential({credential, suite, documentLoader, checkStatus});
      if(results.length !== suites.length || !results.every(({verified}) => verified)) {
        throw new Error('not verified');
      }
    }
    return {seconds: (performance.now() - start) / 1000 / credentials.length};
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const {operation, ...request} = JSON.parse(line);
  process.stdout.write(JSON.stringify(await operations[operation](request)) + '\n');
}
