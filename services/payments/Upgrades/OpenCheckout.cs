using System.Globalization;
using System.Text.Json;
using Empire.Data;
using Empire.Effects;
using Empire.Http;
using Empire.Payments.Charges;
using Empire.Payments.Facts;
using Empire.Payments.Flutterwave;

namespace Empire.Payments.Upgrades;

/// <summary>A checkout page of Flutterwave's, decided.</summary>
/// <param name="Amount">Plain decimal.</param>
/// <param name="RedirectUrl">Where the payer's browser comes back to.</param>
public sealed record OpenCheckout(Guid PaymentId, decimal Amount, string Currency, string Email, string? Name, string Description, string RedirectUrl)
{
    public const string Kind = "payments.flutterwave-checkout";

    /// <summary>How long the page stands: the longest there is. Source: https://developer.flutterwave.com/docs/collecting-payments/standard, read 2026-11-22.</summary>
    public static readonly TimeSpan Session = TimeSpan.FromMinutes(1440);

    /// <summary>Nobody tells that a page was not paid. So long after the last one was opened its session is over, and a payment that was begun within it has had as long again to be told.</summary>
    private static readonly TimeSpan Longest = 2 * Session;

    /// <summary>Whether no page of the payment <c>held.id</c> is open or can come to be opened any more; false of what is paid elsewhere. With <c>@PagesOver</c>, which is <see cref="PagesOver"/>.</summary>
    public const string Over = $"exists (select from kernel.effects page where page.tenant_id = current_tenant() and page.kind = '{Kind}' and page.key = 'tx_' || replace(held.id::text, '-', '') and page.settled_at <= @PagesOver)";

    public static DateTimeOffset PagesOver(DateTimeOffset now) => now - Longest;
}

/// <summary>Asks Flutterwave for a checkout page. No money moves by it, and our reference is unique there, so a lost answer is simply asked for again under the next
/// reference: whichever page the payer uses, its money finds the payment.</summary>
public sealed class OpenCheckoutHandler(IHttpClientFactory clients, Database db) : EffectHandler<OpenCheckout>
{
    public override async Task<EffectOutcome> PerformAsync(EffectAttempt<OpenCheckout> attempt, CancellationToken ct)
    {
        var intent = attempt.Intent;
        var reference = FlutterwaveFacts.ReferenceOf(intent.PaymentId, attempt.Number);
        using var http = clients.CreateClient(FlutterwaveSetup.Provider);
        using var response = await http.PostAsJsonAsync("payments", new
        {
            tx_ref = reference, amount = intent.Amount.ToString(CultureInfo.InvariantCulture), currency = intent.Currency, redirect_url = intent.RedirectUrl, customer = new { email = intent.Email, name = intent.Name },
            customizations = new { title = intent.Description }, session_duration = (int)OpenCheckout.Session.TotalMinutes,
        }, ct);
        if (response.StatusCode == System.Net.HttpStatusCode.TooManyRequests) return new EffectOutcome.NotDone(TimeSpan.FromSeconds(2));
        if ((int)response.StatusCode is >= 400 and < 500) return new EffectOutcome.Refused($"Flutterwave: {MessageOf(await response.Content.ReadAsStringAsync(ct))}");
        if (!response.IsSuccessStatusCode) throw await ProviderException.FromAsync(FlutterwaveSetup.Provider, response, ct);
        var link = (await response.Content.ReadFromJsonAsync<JsonElement>(ct)).Part("data").Text("link");
        await using var work = await db.BeginAsync(attempt.Tenant, CancellationToken.None);
        if (await PaymentTable.LockAsync(work, intent.PaymentId, CancellationToken.None) is { } payment)
        {
            payment.KnownAs(reference);
            payment.Report(PaymentStatus.RequiresAction, null, null, link);
            await PaymentTable.SaveAsync(work, payment, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        return new EffectOutcome.Done(reference);
    }

    /// <summary>A page that is kept is done; one whose address was lost is of no use to anybody.</summary>
    public override async Task<EffectOutcome> ProbeAsync(EffectAttempt<OpenCheckout> attempt, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(attempt.Tenant, ct);
        return (await PaymentTable.FindAsync(work, attempt.Intent.PaymentId, ct))?.ProviderRef is { } reference ? new EffectOutcome.Done(reference) : new EffectOutcome.NotDone(TimeSpan.Zero);
    }

    public override Task SettledAsync(EffectSettled<OpenCheckout> settled, Work work, CancellationToken ct) => UpgradeFailure.RecordAsync(work, settled.Intent.PaymentId, settled.Succeeded, settled.Detail, ct);

    private static string MessageOf(string body)
    {
        try { return Json.Parse(body).MaybeText("message") ?? body; }
        catch (JsonException) { return body.Length > 200 ? body[..200] : body; }
    }
}
