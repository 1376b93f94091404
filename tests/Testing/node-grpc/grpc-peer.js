// The reference implementation as a peer for the tests of our gRPC. Started with the repository's root, it prints the ports of its two
// servers as a line of JSON, then runs one operation for each line of JSON it reads and answers with a line that has the same id.
// It ends with its standard input.
import { createInterface } from 'node:readline';
import { startServer } from './grpc-server.js';
import { go, startBadServer } from './bad-http2-server.js';
import { operations } from './grpc-client.js';
import { raw } from './raw-http2-client.js';

const root = process.argv[2];
const say = message => process.stdout.write(JSON.stringify(message) + '\n');

say({ grpcPort: await startServer(root), badPort: await startBadServer() });

const known = { ...operations(root), raw, go };
createInterface({ input: process.stdin })
  .on('line', async line => {
    const request = JSON.parse(line);
    try {
      say({ id: request.id, ...(await known[request.op](request)) });
    } catch (problem) {
      say({ id: request.id, problem: String(problem.stack) });
    }
  })
  .on('close', () => process.exit(0));
