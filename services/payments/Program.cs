using Empire;
using Empire.Contracts;
using Empire.Payments.Cards;
using Empire.Payments.Charges;
using Empire.Payments.Connect;
using Empire.Payments.Coupons;
using Empire.Payments.Customers;
using Empire.Payments.Disputes;
using Empire.Payments.Flutterwave;
using Empire.Payments.Intake;
using Empire.Payments.Ledger;
using Empire.Payments.NowPayments;
using Empire.Payments.Pricing;
using Empire.Payments.Receipts;
using Empire.Payments.Referrals;
using Empire.Payments.Refunds;
using Empire.Payments.Stripe;
using Empire.Payments.Subscriptions;
using Empire.Payments.Transactions;
using Empire.Payments.Upgrades;

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
builder.Services.AddCustomers();
builder.Services.AddCharges();
builder.Services.AddCoupons();
builder.Services.AddReferrals();
builder.Services.AddRefunds();
builder.Services.AddSubscriptions();
builder.Services.AddDisputes();
builder.Services.AddConnect();                    // sellers, and their shares
builder.AddUpgrades();                            // the tiers of this installation, sold
builder.Services.AddValidation();
builder.AddInstallationKeys();

var app = builder.Build();
app.MapServiceDefaults();
app.UseMiddleware<CardGuard>();                   // no card number comes in
app.MapMessaging();
app.MapEffects();
app.MapIntake();
app.MapCustomers();
app.MapCharges();
app.MapCoupons();
app.MapReferrals();
app.MapRefunds();
app.MapSubscriptions();
app.MapBillingPortal();                           // another card
app.MapReceipts();                                // what payers file, and who it is from
app.MapDisputes();
app.MapConnect();
app.MapUpgrades();
app.MapPricing();
app.MapLedger();                                  // the books: entries, accounts, trial balance, profit, export
app.MapTransactions();                            // income seen from its sources
app.Run();
