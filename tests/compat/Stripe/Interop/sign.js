// Signs a body as Stripe's own library does for tests: node sign.js SECRET TIMESTAMP < body
'use strict';
const stripe = require('stripe')('sk_test_1');
const [secret, timestamp] = process.argv.slice(2);
let payload = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => (payload += chunk)).on('end', () => {
  process.stdout.write(stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Number(timestamp) }));
});
