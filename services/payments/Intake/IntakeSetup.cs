using Empire.Configuration;
using Empire.Data;
using Empire.Payments.Flutterwave;
using Empire.Payments.Ledger.Rebuilding;
using Empire.Payments.NowPayments;
using Empire.Payments.Stripe;

namespace Empire.Payments.Intake;

internal static class IntakeSetup
{
    public static void AddIntake(this WebApplicationBuilder builder)
    {
        builder.AddSettings<IntakeOptions>("Intake");
        var services = builder.Services;
        services.AddSingleton<IBookingSource, ProviderSource>();
        services.AddSingleton<TaskSignal>().AddSingleton<EventLog>().AddSingleton<TaskWorker>().AddSingleton<Unsettled>().AddSingleton<Reconciler>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<Reconciler>());
        services.AddBusinessCheck("oldest_untaken_event", TimeSpan.FromMinutes(15), async (provider, ct) =>
        {
            await using var work = await provider.GetRequiredService<Database>().BeginSystemAsync(ct);
            return await work.QuerySingleAsync<DateTimeOffset>(
                "select coalesce(least((select min(due_at) from provider_tasks where task = 'settle' and not parked), (select min(due_at) from provider_tasks where task = 'fetch' and not parked)), @Now)", new { work.Now }, ct);
        });
    }

    public static void MapIntake(this IEndpointRouteBuilder app)
    {
        // Each handler asks for its provider's own proof.
        app.MapPost("/api/v1/revenue/webhooks/stripe", ReceiveWebhook.StripeAsync).WithTags("Webhooks").AllowAnonymous().NeedsProvider(StripeSetup.Provider); // which may have no secret then
        app.MapPost("/payment/flutterwave/webhook", ReceiveWebhook.FlutterwaveAsync).WithTags("Webhooks").AllowAnonymous().NeedsProvider(FlutterwaveSetup.Provider);
        app.MapPost("/payment/flutterwave/callback", ReceiveWebhook.FlutterwaveAsync).WithTags("Webhooks").AllowAnonymous().WithName("FlutterwaveCallback").NeedsProvider(FlutterwaveSetup.Provider);
        app.MapPost("/payment/nowpayments/webhook", ReceiveWebhook.NowPaymentsAsync).WithTags("Webhooks").AllowAnonymous().NeedsProvider(NowPaymentsSetup.Provider);
        app.MapGet("/api/v1/revenue/intake", ListTasks.HandleAsync).WithTags("Webhooks").WithName("ListIntakeTasks");
        app.MapPost("/api/v1/revenue/intake/{id:long}/retry", ListTasks.RetryAsync).WithTags("Webhooks").WithName("RetryIntakeTask");
        app.MapPost("/api/v1/revenue/intake/{id:long}/dismiss", ListTasks.DismissAsync).WithTags("Webhooks").WithName("DismissIntakeTask");
    }
}
