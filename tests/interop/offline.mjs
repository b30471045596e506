// Digital Bazaar's libraries without a network: what they may load is handed over beforehand or is a did:key.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as rdfc from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

export const known = new Map();

// `tag: 'static'` lets jsonld.js keep a context parsed between calls.
export async function documentLoader(address) {
  const url = address.split('#')[0];
  const document = url.startsWith('did:key:') ? didKeyDocument(url) : known.get(url);
  if(!document) {
    throw new Error(`not handed over: ${address}`);
  }
  if(url === address || !document.verificationMethod) {
    return {contextUrl: null, documentUrl: address, document, tag: 'static'};
  }
  const method = document.verificationMethod.find(({id}) => id === address);
  if(!method) {
    throw new Error(`${url} lists no ${address}`);
  }
  return {contextUrl: null, documentUrl: address,
    document: {'@context': 'https://w3id.org/security/multikey/v1', ...method}};
}

function didKeyDocument(did) {
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: did,
    verificationMethod: [{id, type: 'Multikey', controller: did, publicKeyMultibase}], assertionMethod: [id]
  };
}

export const verifiers = {
  'eddsa-rdfc-2022': () => new DataIntegrityProof({cryptosuite: rdfc.cryptosuite}),
  'eddsa-jcs-2022': () => new DataIntegrityProof({cryptosuite: jcs.createVerifyCryptosuite()})
};

const signers = {
  'eddsa-rdfc-2022': options => new DataIntegrityProof({...options, cryptosuite: rdfc.cryptosuite}),
  'eddsa-jcs-2022': options => new DataIntegrityProof({...options, cryptosuite: jcs.createSignCryptosuite()})
};

// Suites that sign, in the given order, with the key that a 32-byte seed in hexadecimal makes.
export async function signingSuites({seed, controller, created, suites}) {
  const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex'), controller});
  key.id = `${controller}#${(await key.export({publicKey: true})).publicKeyMultibase}`;
  return suites.map(name => signers[name]({signer: key.signer(), date: created}));
}
