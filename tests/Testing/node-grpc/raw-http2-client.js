// Requests that no gRPC library would send: any headers, any bytes, cut into any DATA frames.
import http2 from 'node:http2';

const END_STREAM = 1;

export async function raw({ port, headers, chunks = [], end = true, pauseMs = 0 }) {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  const defaults = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request({ ...defaults, ...headers }, { endStream: end && chunks.length === 0 });
  const result = { frames: [], resetCode: 0 };
  const closed = new Promise(done => stream.on('close', () => { result.resetCode = stream.rstCode; done(); }));
  stream.on('response', (received, flags) => {
    result.headers = { ...received };
    result.trailersOnly = (flags & END_STREAM) !== 0;
  });
  stream.on('trailers', received => { result.trailers = { ...received }; });
  stream.on('data', data => result.frames.push(data));
  stream.on('error', () => {});
  for (const [i, chunk] of chunks.entries()) {
    if (stream.destroyed || stream.closed) break;
    if (i > 0 && pauseMs > 0) await new Promise(next => setTimeout(next, pauseMs));
    const data = Buffer.from(chunk, 'base64');
    if (end && i === chunks.length - 1) stream.end(data);
    else await new Promise(sent => stream.write(data, sent));
  }

  await closed;
  session.destroy();
  const { frames, ...rest } = result;
  return { ...rest, body: Buffer.concat(frames).toString('base64') };
}
