using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Empire.Acquisition.Accounts;
using Empire.Configuration;
using Empire.Credentials;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Mail;

public static class MailSetup
{
    /// <summary>Settings <c>Providers:Mail</c>: where to ask what became of a message, for servers that can say. The sandbox can; plain SMTP cannot.</summary>
    public const string LookUp = "Mail";

    /// <summary>Mails that events ask for, once each, through the effects kernel.</summary>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.AddSettings<MailOptions>("Mail");
        builder.CheckSetting("Mail:PublicUrl", "an absolute http or https address", text => text is null || Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");
        builder.CheckSetting("Mail:Currency", "an ISO 4217 code, as in USD", text => text is null || Currency.TryParse(text, out _));
        builder.CheckSetting("Mail:Price", "at most six decimals, as in 0.0004", text => !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var price) || decimal.Round(price, 6) == price);
        if (builder.Environment.IsProduction())
        {
            builder.CheckSetting("Mail:Sandbox", "false: Production does not work against an emulator", text => !bool.TryParse(text, out var sandbox) || !sandbox);
            builder.CheckSetting("Mail:StartTls", "true: mails carry keys", text => !bool.TryParse(text, out var tls) || tls);
        }
        if (builder.Configuration[$"Providers:{LookUp}:BaseAddress"] is { Length: > 0 }) builder.AddProvider(LookUp).AddTypedClient<MailLookUp>();
        if (bool.TryParse(builder.Configuration["Mail:Sandbox"], out var trusting) && trusting) TrustSandbox();
        builder.AddServiceClient<Contracts.V1.Identity.IdentityClient>("identity");
        builder.Services.AddSingleton<AccountOwners>().AddSingleton<MailTemplates>().AddScoped<MailPlanner>().AddScoped<SmtpPost>();
        builder.Services.AddSingleton(services => PasswordIn(services.GetRequiredService<IOptions<MailOptions>>().Value));
        builder.Services.AddEffect<SendMailHandler, SendMail>(SendMail.Kind, whenClosed: true);
    }

    public static void MapMail(this WebApplication app)
    {
        var mail = app.MapGroup("/api/v1/acquisition/mail").WithTags("Mail");
        mail.MapGet("", ListMails.HandleAsync).WithName("ListMails").ForRoles("owner", "admin", "service");
        mail.MapGet("/templates", PreviewTemplate.List).WithName("ListMailTemplates");
        mail.MapGet("/templates/{name}/preview", PreviewTemplate.Handle).WithName("PreviewMailTemplate");
    }

    private static InstallationKey PasswordIn(MailOptions mail) => new("the mail server", mail.PasswordVariable ?? "Mail__Password", "platform", mail.Sandbox ? null : mail.Password);

    /// <summary>The sandbox makes its certificate at each start, so nobody can have vouched for it.</summary>
    private static void TrustSandbox()
    {
        // Obsolete for HTTP, which does not look at it; it is SmtpClient's only way to be told whom to trust. Nothing but a sandbox is trusted by it.
#pragma warning disable SYSLIB0014, MA0039
        ServicePointManager.ServerCertificateValidationCallback = IsTrusted;
#pragma warning restore SYSLIB0014, MA0039
    }

    private static bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None || certificate?.Subject == "CN=Empire sandbox";
}
