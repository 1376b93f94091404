// A server that speaks HTTP/2 and breaks gRPC in the way that the path's service names: /missing-status/Say.
// A dot gives a number: /http.404/Say, /reset.8/Say.
import http2 from 'node:http2';

const head = { ':status': 200, 'content-type': 'application/grpc' };

// EchoMessage { text: "hi" }
const hi = frame(Buffer.from([0x0a, 2, 0x68, 0x69]));

function frame(message, { flag = 0, length = message.length } = {}) {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

function answer(stream, body, trailers) {
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

// What comes after the first message waits for the test to say that it has read that message.
const held = [];
const waiting = [];

function hold(action) {
  held.push(action);
  waiting.shift()?.();
}

export function go() {
  if (held.length === 0) return new Promise(next => waiting.push(next)).then(go);
  held.shift()();
  return {};
}

function started(stream, then) {
  stream.respond(head);
  stream.write(hi, () => hold(then));
}

// Node ends a stream before it resets it, unless it is about to send trailers.
function resetLater(stream, code) {
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => hold(() => stream.close(code)));
  stream.end(hi);
}

// GOAWAY as the server's last word on the connection, naming this stream as handled or not.
function goAway(stream, code, lastStream) {
  const { session } = stream;
  session.goaway(code, lastStream);
  setTimeout(() => session.rosaSocket.destroy(), 50);
}

const kinds = {
  'missing-status': stream => { stream.respond(head); stream.end(hi); },
  'status': (stream, code) => answer(stream, hi, { 'grpc-status': String(code) }),
  'status-text': stream => answer(stream, hi, { 'grpc-status': 'ok' }),
  'wrong-content-type': stream => { stream.respond({ ':status': 200, 'content-type': 'text/html' }); stream.end('<p>hello'); },
  'http': (stream, code) => { stream.respond({ ':status': code, 'content-type': 'text/plain' }); stream.end('no'); },
  'http-with-status': stream => stream.respond({ ...head, ':status': 503, 'grpc-status': '8', 'grpc-message': 'later' }, { endStream: true }),
  'trailers-only': (stream, code) => stream.respond({ ...head, 'grpc-status': String(code), 'grpc-message': 'caf%C3%A9' }, { endStream: true }),
  'bad-escapes': stream => answer(stream, Buffer.alloc(0), { 'grpc-status': '9', 'grpc-message': '50% of %zz is %E2%82%AC%4' }),
  'no-message': stream => answer(stream, Buffer.alloc(0), { 'grpc-status': '0' }),
  'empty-message': stream => answer(stream, frame(Buffer.alloc(0)), { 'grpc-status': '0' }),
  'two-messages': stream => answer(stream, Buffer.concat([hi, hi]), { 'grpc-status': '0' }),
  'cut': stream => answer(stream, hi.subarray(0, 7), { 'grpc-status': '0' }),
  'cut-prefix': stream => answer(stream, hi.subarray(0, 3), { 'grpc-status': '0' }),
  'cut-with-status': stream => answer(stream, hi.subarray(0, 7), { 'grpc-status': '10', 'grpc-message': 'why' }),
  'compressed': stream => answer(stream, frame(Buffer.from([1, 2, 3]), { flag: 1 }), { 'grpc-status': '0' }),
  'too-large': stream => answer(stream, frame(Buffer.alloc(0), { length: 0xffffffff }), { 'grpc-status': '0' }),
  'not-protobuf': stream => answer(stream, frame(Buffer.from([0x0a, 200])), { 'grpc-status': '0' }),
  'bytes': async stream => {
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    for (const byte of hi) await new Promise(sent => stream.write(Buffer.of(byte), sent));
    stream.end();
  },
  'reset': (stream, code) => stream.close(code),
  'reset-later': resetLater,
  'goaway': (stream, code) => goAway(stream, code, stream.id),
  'goaway-unhandled': (stream, code) => goAway(stream, code, 0),
  'goaway-later': (stream, code) => started(stream, () => goAway(stream, code, stream.id)),
  'drop': stream => stream.session.rosaSocket.destroy(),
  'drop-later': stream => started(stream, () => stream.session.rosaSocket.destroy()),
  'silent': () => {},
};

export function startBadServer() {
  const server = http2.createServer();
  let socket;
  // Before the server's own listener, which turns the socket into a session.
  server.prependListener('connection', accepted => { socket = accepted; socket.on('error', () => {}); });
  server.on('session', session => { session.rosaSocket = socket; session.on('error', () => {}); });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const [kind, number] = headers[':path'].split('/')[1].split('.');
    kinds[kind](stream, Number(number));
  });
  return new Promise(listening => server.listen(0, '127.0.0.1', () => listening(server.address().port)));
}
