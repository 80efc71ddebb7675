namespace Empire.AppHost;

/// <summary>Mail goes by SMTP rather than HTTP, and needs a sender beside its password.</summary>
internal static class MailExtensions
{
    public const string PasswordVariable = "SENDER_PASSWORD";
    private const string SenderVariable = "SENDER_EMAIL", UsualServer = "smtp.gmail.com", UsualPort = "587";

    public static bool MailIsLive(this Settings settings) => settings[SenderVariable] is not null && settings[PasswordVariable] is not null;

    /// <summary>Under the name of the older documents, or the shorter one.</summary>
    public static string MailServer(this Settings settings) => settings["MAIL_SERVER"] ?? settings["SMTP_SERVER"] ?? UsualServer;

    public static string MailPort(this Settings settings) => settings["MAIL_PORT"] ?? settings["SMTP_PORT"] ?? UsualPort;

    /// <summary>Gives a service its way to the mail server: a real one when sender and password are set, otherwise the sandbox.</summary>
    /// <exception cref="DistributedApplicationException">Production without them, or only one of the two.</exception>
    public static IResourceBuilder<ProjectResource> WithMail(this IResourceBuilder<ProjectResource> service, Outside outside)
    {
        var settings = outside.Settings;
        var (sender, password) = (settings[SenderVariable], settings[PasswordVariable]);
        service.WithEnvironment("Mail__PublicUrl", settings.PublicUrl);
        if (sender is not null && password is not null)
        {
            return service
                .WithEnvironment("Mail__Server", settings.MailServer())
                .WithEnvironment("Mail__Port", settings.MailPort())
                .WithEnvironment("Mail__SenderEmail", sender)
                .WithEnvironment("Mail__Password", password)
                .WithEnvironment("Mail__PasswordVariable", PasswordVariable);
        }
        if (password is not null) throw new DistributedApplicationException($"{PasswordVariable} is set, so {SenderVariable} must be too.");
        if (service.ApplicationBuilder.Environment.EnvironmentName == "Production")
            throw new DistributedApplicationException($"{(sender is null ? $"{SenderVariable} and {PasswordVariable} are" : $"{PasswordVariable} is")} not set, and Production does not fall back to the sandbox. Set them in the environment or in .env.");
        return service
            .WithEnvironment("Mail__Server", ReferenceExpression.Create($"{outside.SandboxMail.Property(EndpointProperty.Host)}"))
            .WithEnvironment("Mail__Port", ReferenceExpression.Create($"{outside.SandboxMail.Property(EndpointProperty.Port)}"))
            .WithEnvironment("Mail__SenderEmail", sender ?? "empire@empire.localhost")
            .WithEnvironment("Mail__Password", "sandbox") // any will do, but there must be one
            .WithEnvironment("Mail__Sandbox", "true")
            .WithEnvironment("Providers__Mail__BaseAddress", ReferenceExpression.Create($"{outside.Sandbox}/control"))
            .WithEnvironment("Providers__Mail__Sandbox", "true");
    }
}
