using Empire;
using Empire.Contracts;
using Empire.Payments.Ledger;
using Empire.Payments.Flutterwave;
using Empire.Payments.Intake;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;
using Empire.Payments.Transactions;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("payments");
builder.AddDatabase("payments");
builder.AddMessaging(typeof(Program).Assembly, Subscriptions.All);
builder.AddEffects();
builder.AddSealer();
builder.AddLedger();                               // the check of the books that never rests
builder.AddStripe();
builder.AddFlutterwave();
builder.AddNowPayments();
builder.AddIntake();                               // webhooks in, word for word; facts and entries out

var app = builder.Build();
app.MapServiceDefaults();
app.MapMessaging();
app.MapEffects();
app.MapIntake();
app.MapLedger();                                  // the books: entries, accounts, trial balance, profit, export
app.MapTransactions();                            // income seen from its sources
app.Run();
