// Calls a test asks grpc-js to make against our server. A call ends in { code, details, messages, … }.
import grpc from '@grpc/grpc-js';
import { load, plain } from './protos.js';

const size = 8 * 1024 * 1024;
const limits = { 'grpc.max_send_message_length': size, 'grpc.max_receive_message_length': size, 'grpc.use_local_subchannel_pool': 1 };

export function operations(root) {
  const { Echo, Health } = load(root);
  const open = new Map();

  function options({ deadlineMs }) {
    return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  }

  function metadata({ metadata = {}, binary = {} }) {
    const result = new grpc.Metadata();
    for (const [name, value] of Object.entries(metadata)) result.add(name, value);
    for (const [name, value] of Object.entries(binary)) result.add(name, Buffer.from(value, 'base64'));
    return result;
  }

  function unary(client, method, message, request) {
    return new Promise(done => {
      let status;
      let answer;
      const finish = () => status && answer !== undefined && (client.close(), open.delete(request.id), done({
        code: status.code, details: status.details, headers, trailers: plain(status.metadata), ...answer,
      }));
      let headers = {};
      const call = client[method](message, metadata(request), options(request), (problem, value) => {
        answer = problem ? {} : { message: { ...value, payload: undefined }, payloadSize: value.payload?.length };
        finish();
      });
      call.on('metadata', received => { headers = plain(received); });
      call.on('status', ended => { status = ended; finish(); });
      open.set(request.name, call);
    });
  }

  // Cancels by itself after the number of messages in cancelAfter.
  function stream(client, method, message, request) {
    return new Promise(done => {
      const messages = [];
      const call = client[method](message, metadata(request), options(request));
      call.on('data', item => {
        messages.push(item.text ?? item.status);
        if (messages.length === request.cancelAfter) call.cancel();
        if (messages.length === request.pauseAfter) { call.pause(); setTimeout(() => call.resume(), 200); }
      });
      call.on('error', () => {});
      call.on('status', ({ code, details }) => {
        client.close();
        const last = messages.at(-1);
        done({ code, details, count: messages.length, messages: messages.slice(0, 20), last: last?.slice(0, 100) });
      });
      open.set(request.name, call);
    });
  }

  const connect = (Client, { port }) => new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), limits);
  return {
    say: request => unary(connect(Echo, request), 'Say', { text: request.text, payload: Buffer.alloc(request.payloadSize ?? 0, 7) }, request),
    repeat: request => stream(connect(Echo, request), 'Repeat', { text: request.text, times: request.times }, request),
    check: request => unary(connect(Health, request), 'Check', { service: request.service }, request),
    watch: request => stream(connect(Health, request), 'Watch', { service: request.service }, request),
    cancel: ({ name }) => { open.get(name).cancel(); return {}; },
  };
}
