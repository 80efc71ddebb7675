// Sends one call with many kinds of parameters: node subscribe.js PORT. The same call as in NodeTests.cs.
'use strict';
const stripe = require('stripe')('sk_test_1', {
  host: '127.0.0.1', port: Number(process.argv[2]), protocol: 'http', apiVersion: '2023-08-16', telemetry: false,
});
stripe.subscriptions
  .create(
    {
      customer: 'cus_1',
      items: [{ price: 'price_1', quantity: 2, tax_rates: ['txr_1', 'txr_2'] }, { price_data: { currency: 'eur', product: 'prod_1', unit_amount: 500, recurring: { interval: 'month' } } }],
      metadata: { 'order id': 'a&b=ü +', gone: '' },
      off_session: true,
      cancel_at_period_end: false,
      application_fee_percent: 7.5,
      trial_end: 'now',
      billing_cycle_anchor: 1692144000,
      transfer_data: { destination: 'acct_1' },
      expand: ['latest_invoice.payment_intent'],
    },
    { idempotencyKey: 'order-17', stripeAccount: 'acct_7' },
  )
  .then((subscription) => process.stdout.write(subscription.id), (error) => { process.stderr.write(String(error)); process.exitCode = 1; });
