// Other people's software behind one door: a request a line on stdin, an answer a line on stdout, everything offline.
//
// One process serves a whole test session, because loading these libraries takes longer than most of what is asked.
import {createInterface} from 'node:readline';
import {documentLoader, known, signingSuites, verifiers} from './offline.mjs';

console.log = console.error;  // stdout is for answers

// Whatever a library fetches comes from what the test has handed over, or not at all.
globalThis.fetch = async input => {
  const url = typeof input === 'string' ? input : input.url ?? input.href;
  if(!known.has(url)) {
    return new Response('not found: this test is offline', {status: 404});
  }
  return new Response(JSON.stringify(known.get(url)), {headers: {'content-type': 'application/json'}});
};

const {verifyCredential, issue} = await import('@digitalbazaar/vc');
const statusLists = await import('@digitalbazaar/vc-bitstring-status-list');

function read({credential, bytes}) {
  return credential ?? JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(Buffer.from(bytes, 'base64')));
}

function messages(error) {
  return error ? [error.message, ...(error.errors ?? []).map(({message}) => message)] : [];
}

const operations = {
  know({documents}) {
    Object.entries(documents).forEach(([url, document]) => known.set(url, document));
    return {known: known.size};
  },

  // The library is content when one proof of a set verifies; `proofs` tells what it says of each.
  async verify({suites = Object.keys(verifiers), status = false, now, ...rest}) {
    const {verified, results = [], error, statusResult} = await verifyCredential({
      credential: read(rest), suite: suites.map(name => verifiers[name]()), documentLoader, now,
      checkStatus: status ? statusLists.checkStatus : undefined
    });
    return {
      verified, errors: messages(error), status: statusResult?.results?.map(({status}) => status),
      proofs: Object.fromEntries(results.map(result => [result.proof?.cryptosuite, result.verified]))
    };
  },

  async sign({credential, ...options}) {
    for(const suite of await signingSuites(options)) {
      credential = await issue({credential, suite, documentLoader});
    }
    return {credential};
  },

  async statusList({encodedList, length, indexes}) {
    const list = encodedList ?
      await statusLists.decodeList({encodedList}) : await statusLists.createList({length});
    if(encodedList) {
      return {length: list.length, set: indexes.filter(index => list.getStatus(index))};
    }
    indexes.forEach(index => list.setStatus(index, true));
    return {encodedList: await list.encode()};
  },

  async consortium({credential}) {
    const verifier = await import('@digitalcredentials/verifier-core');
    const {log, errors} = await verifier.verifyCredential({credential, knownDIDRegistries: []});
    return {log: log?.map(({id, valid, error}) => ({id, valid, error})), errors: errors?.map(({name}) => name)};
  },

  // A credential of Verifiable Credentials 1.1, signed as its issuers did.
  async signOlder({credential, seed, controller}) {
    const {Ed25519VerificationKey2020} = await import('@digitalcredentials/ed25519-verification-key-2020');
    const {Ed25519Signature2020} = await import('@digitalcredentials/ed25519-signature-2020');
    const vc = await import('@digitalcredentials/vc');
    const key = await Ed25519VerificationKey2020.generate({seed: Buffer.from(seed, 'hex'), controller});
    const suite = new Ed25519Signature2020({key, date: '2024-05-31T09:30:00Z'});
    return {credential: await vc.issue({credential, suite, documentLoader})};
  },

  async generateKey({alg}) {
    const {generateKeyPair, exportJWK} = await import('jose');
    const {publicKey, privateKey} = await generateKeyPair(alg, {extractable: true});
    return {publicJwk: await exportJWK(publicKey), privateJwk: await exportJWK(privateKey)};
  },

  async signJwt({payload, header, jwk}) {
    const {SignJWT, importJWK} = await import('jose');
    return {jwt: await new SignJWT(payload).setProtectedHeader(header).sign(await importJWK(jwk, header.alg))};
  },

  async verifyJwt({jwt, jwk, now, options}) {
    const {jwtVerify, importJWK} = await import('jose');
    const {payload, protectedHeader} = await jwtVerify(jwt, await importJWK(jwk, 'EdDSA'), {
      algorithms: ['EdDSA'], currentDate: new Date(now), ...options
    });
    return {payload, header: protectedHeader};
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const {operation, ...request} = JSON.parse(line);
  let answer;
  try {
    answer = await operations[operation](request);
  } catch(error) {
    answer = {verified: false, errors: messages(error), thrown: true};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
