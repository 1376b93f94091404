import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const options = { keepCase: true, enums: String, defaults: true };

export function load(root) {
  const definitions = { ...loadSync(join(root, 'tests/Testing/echo.proto'), options), ...loadSync(join(root, 'proto/health.proto'), options) };
  const loaded = grpc.loadPackageDefinition(definitions);
  return { Echo: loaded.rosa.testing.Echo, Health: loaded.grpc.health.v1.Health };
}

// Metadata as plain JSON, bytes as base64.
export function plain(metadata) {
  const entries = Object.keys(metadata.getMap()).map(name =>
    [name, metadata.get(name).map(value => Buffer.isBuffer(value) ? value.toString('base64') : value)]);
  return Object.fromEntries(entries);
}
