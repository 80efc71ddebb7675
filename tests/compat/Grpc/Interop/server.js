// Echo, served by @grpc/grpc-js. Prints "listening PORT", and "cancelled" when a caller has given up a hanging call. Ends when its standard input does.
'use strict';

const grpc = require('@grpc/grpc-js');
const { Echo, unlimited } = require('./echo.js');

function refusal(words) {
  const metadata = new grpc.Metadata();
  metadata.set('x-reason', 'asked for');
  metadata.set('x-proof-bin', Buffer.from([0, 1, 254, 255]));
  return { code: words.fail_with, details: `Zurückgewiesen: 100 % „${words.text}“`, metadata };
}

function ownHeaders(call) {
  const own = new grpc.Metadata();
  for (const key of Object.keys(call.metadata.getMap())) {
    if (key.startsWith('x-')) for (const value of call.metadata.get(key)) own.add(key, value);
  }
  return own;
}

function hang(call) {
  console.log(`hanging ${call.getDeadline() === Infinity ? 'forever' : 'until a deadline'}`);
  call.on('cancelled', () => console.log('cancelled'));
}

const handlers = {
  Say(call, answer) {
    if (call.request.hang) return hang(call);
    if (call.request.fail_with) return answer(refusal(call.request));
    const own = ownHeaders(call);
    if (Object.keys(own.getMap()).length > 0) call.sendMetadata(own);
    answer(null, call.request, own);
  },

  Collect(call, answer) {
    const texts = [];
    let refused = false;
    call.on('data', words => {
      if (words.hang) hang(call);
      else if (words.fail_with && !refused) {
        refused = true;
        answer(refusal(words));
      } else texts.push(words.text);
    });
    call.on('end', () => {
      if (!refused) answer(null, { text: texts.join(' '), times: texts.length });
    });
  },

  Repeat(call) {
    const { text, times, blob, fail_with } = call.request;
    for (let i = 0; i < times; i++) call.write({ text, times: i, blob });
    if (call.request.hang) hang(call);
    else if (fail_with) call.emit('error', refusal(call.request));
    else call.end();
  },

  Chat(call) {
    call.on('data', words => {
      if (words.hang) hang(call);
      else if (words.fail_with) call.emit('error', refusal(words));
      else call.write(words);
    });
    call.on('end', () => call.end());
  },
};

const server = new grpc.Server(unlimited);
server.addService(Echo.service, handlers);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`listening ${port}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
