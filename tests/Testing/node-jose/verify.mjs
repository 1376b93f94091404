// node verify.mjs <address of the JWKS> < {"name": "token", …}
// Prints for each token its claims, or why it is refused: {"name": {"claims": {…}}} or {"name": {"refused": "ERR_…"}}.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { text } from 'node:stream/consumers';

const keys = createRemoteJWKSet(new URL(process.argv[2]));
const outcomes = {};
for (const [name, token] of Object.entries(JSON.parse(await text(process.stdin)))) {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: 'rosa', audience: 'rosa' });
    outcomes[name] = { claims: payload, alg: protectedHeader.alg };
  } catch (error) {
    outcomes[name] = { refused: error.code ?? String(error) };
  }
}
console.log(JSON.stringify(outcomes));
