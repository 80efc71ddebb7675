// Calls an Echo server in every way and prints what came of it, as one JSON object: scenario → result. Usage: node client.js HOST:PORT
'use strict';

const grpc = require('@grpc/grpc-js');
const { Echo, unlimited } = require('./echo.js');

const address = process.argv[2];
const gzip = 2; // grpc.compressionAlgorithms.gzip
const client = new Echo(address, grpc.credentials.createInsecure(), unlimited);
const compressing = new Echo(address, grpc.credentials.createInsecure(), { ...unlimited, 'grpc.default_compression_algorithm': gzip });
const soon = () => ({ deadline: Date.now() + 20_000 });

const failure = error => ({
  code: error.code,
  details: error.details,
  reason: error.metadata?.get('x-reason')[0],
  proof: error.metadata?.get('x-proof-bin')[0]?.toString('hex'),
});

const say = (words, { metadata = new grpc.Metadata(), options = soon(), by = client } = {}) => new Promise((resolve, reject) => {
  let headers, answer;
  const call = by.Say(words, metadata, options, (error, value) => (error ? reject(error) : (answer = value)));
  call.on('metadata', value => (headers = value));
  call.on('status', status => {
    if (status.code === 0) resolve({ answer, headers, trailers: status.metadata });
  });
});

// Messages that came before an error are not counted: grpc-js drops those it has not handed out yet.
const read = stream => new Promise((resolve, reject) => {
  const all = [];
  stream.on('data', words => all.push(words)).on('end', () => resolve(all)).on('error', reject);
});

const refused = async promise => {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return failure(error);
  }
};

const scenarios = {
  unary: async () => (await say({ text: 'from node' })).answer.text,

  clientStream: () => new Promise((resolve, reject) => {
    const call = client.Collect(soon(), (error, words) => (error ? reject(error) : resolve(words.text)));
    for (const text of ['one', 'two', 'three']) call.write({ text });
    call.end();
  }),

  serverStream: async () => (await read(client.Repeat({ text: 'again', times: 500 }, soon()))).map(words => words.times).join() ===
    [...Array(500).keys()].join(),

  duplex: () => new Promise((resolve, reject) => {
    const call = client.Chat(soon());
    let turns = 0;
    call.on('data', words => {
      if (words.text !== `turn ${turns}`) reject(new Error(`turn ${turns} brought ${words.text}`));
      if (++turns < 20) call.write({ text: `turn ${turns}` });
      else call.end();
    }).on('end', () => resolve(turns)).on('error', reject);
    call.write({ text: 'turn 0' });
  }),

  emptyStream: async () => (await read(client.Repeat({ times: 0 }, soon()))).length,
  refusal: () => refused(say({ text: 'tschüß', fail_with: 9 })),
  refusalAfterMessages: () => refused(read(client.Repeat({ text: 'm', times: 3, fail_with: 10 }, soon()))),
  exception: () => refused(say({ text: 'throw' })),
  deadline: () => refused(say({ hang: true }, { options: { deadline: Date.now() + 300 } })),

  cancelled: () => refused(new Promise((resolve, reject) => {
    const call = client.Chat(soon());
    call.on('error', reject).on('end', resolve).on('data', () => {
      call.write({ hang: true });
      setTimeout(() => call.cancel(), 200);
    });
    call.write({ text: 'begin' });
  })),

  metadata: async () => {
    const metadata = new grpc.Metadata();
    metadata.set('x-tenant', 'acme');
    metadata.add('x-all-bin', Buffer.from([...Array(256).keys()]));
    metadata.add('x-all-bin', Buffer.from([7]));
    const { headers, trailers } = await say({}, { metadata });
    return [headers, trailers].map(received => [received.get('x-tenant')[0], ...received.get('x-all-bin').map(value => value.toString('hex'))].join());
  },

  gzip: async () => (await say({ text: 'z'.repeat(100_000) }, { by: compressing })).answer.text === 'z'.repeat(100_000),
  large: async () => (await say({ blob: Buffer.alloc(3_500_000, 5) })).answer.blob.length,
  tooLarge: () => refused(say({ blob: Buffer.alloc(5_000_000, 5) })),

  unimplemented: () => refused(new Promise((resolve, reject) => client.makeUnaryRequest(
    '/grpc.tests.v1.Echo/Whisper', value => value, value => value, Buffer.alloc(0), new grpc.Metadata(), soon(),
    (error, value) => (error ? reject(error) : resolve(value))))),
};

(async () => {
  const results = {};
  for (const [name, run] of Object.entries(scenarios)) results[name] = await run().catch(error => ({ unexpected: String(error) }));
  console.log(JSON.stringify(results));
  process.exit(0);
})();
