// An Echo and Health server of grpc-js. What Say does is chosen by the text it is sent.
import grpc from '@grpc/grpc-js';
import { load, plain } from './protos.js';

// How often something has happened, and who wants to know of the next time.
const counts = { waiting: 0, cancelled: 0 };
let listeners = [];

function happened(event) {
  counts[event]++;
  const told = listeners;
  listeners = [];
  told.forEach(tell => tell());
}

function when(event, count, then) {
  if (counts[event] >= count) then();
  else listeners.push(() => when(event, count, then));
}

function say(call, answer) {
  const { text, payload } = call.request;
  const [word, code, details] = text.split(':');
  call.on('cancelled', () => happened('cancelled'));
  switch (word) {
    case 'fail': return answer({ code: Number(code), details });
    case 'wait': return happened('waiting');
    case 'metadata': {
      const left = call.getDeadline() - Date.now();
      return answer(null, { text: JSON.stringify({ metadata: plain(call.metadata), hasDeadline: Number.isFinite(left), left }) });
    }
    case 'until': return when(code, Number(details), () => answer(null, { text }));
    default: return answer(null, { text, payload });
  }
}

// A negative number of times is without end.
async function repeat(call) {
  const { text, times } = call.request;
  let stopped = false;
  let resume = () => {};
  call.on('cancelled', () => { stopped = true; resume(); happened('cancelled'); });
  const [word, code, details] = text.split(':');
  for (let i = 0; i !== times && !stopped; i++) {
    if (!call.write({ text: `${word} ${i}` })) await new Promise(next => { call.once('drain', next); resume = next; });
    if (times < 0) await new Promise(next => setTimeout(next, 1));
  }
  if (code) call.emit('error', { code: Number(code), details });
  else call.end();
}

export function startServer(root) {
  const { Echo, Health } = load(root);
  const server = new grpc.Server();
  server.addService(Echo.service, { Say: say, Repeat: repeat });
  server.addService(Health.service, {
    Check: (call, answer) => call.request.service === ''
      ? answer(null, { status: 'SERVING' })
      : answer({ code: grpc.status.NOT_FOUND, details: 'unknown service' }),
    Watch: call => { call.write({ status: 'SERVICE_UNKNOWN' }); },
  });
  return new Promise((started, failed) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (problem, port) => problem ? failed(problem) : started(port)));
}
