using Empire.Testing;

namespace Empire.Acquisition.Tests;

/// <summary>What the mail server may do to us.</summary>
public sealed class DeliveryTests(AcquisitionApp app) : IClassFixture<AcquisitionApp>
{
    [Theory]
    [InlineData("RCPT", 450)]
    [InlineData("DATA", 451)]
    public async Task Refused_for_now_it_is_tried_until_it_is_taken(string command, int answer)
    {
        var fact = app.SignUp($"busy-{command.ToLowerInvariant()}@example.com");
        await app.Sandbox.ArmAsync("temporary", fact.Email, command, count: 2);
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        await app.Sandbox.MailToAsync(fact.Email);
        Assert.Equal([answer, answer, 250], await app.Sandbox.AnswersAsync(fact.Email));
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_remembered_until_mail_arrives_there()
    {
        var fact = app.SignUp("gone@example.com");
        await app.Sandbox.ArmAsync("permanent", fact.Email);
        await app.PublishAsync(fact);
        await app.SettledAsync("refused", fact.Email);
        Assert.Contains("No such mailbox", (await app.MailAsync(fact.Email)).Detail);
        Assert.Contains("No such mailbox", await app.ReadAsync<string>("select reason from bounces where address = @Email", new { fact.Email }));

        // A notice is not tried again ...
        await app.PublishAsync(new Contracts.NewSignIn { TenantId = app.Tenant.Value, UserId = fact.UserId, Email = "Gone@example.com", OccurredAt = fact.OccurredAt });
        await app.SettledAsync("refused", "Gone@example.com");
        Assert.Equal([550], await app.Sandbox.AnswersAsync(fact.Email));

        // ... but what a person waits for is, and clears the name.
        await app.PublishAsync(new Contracts.EmailVerificationRequested { TenantId = app.Tenant.Value, UserId = fact.UserId, Email = fact.Email, SealedVerificationToken = app.Sealer.Seal("t", "mail:verification"), OccurredAt = fact.OccurredAt });
        await app.Sandbox.MailToAsync(fact.Email);
        await Eventually.EqualAsync(0L, () => app.ReadAsync<long>("select count(*) from bounces where address = @Email", new { fact.Email }));
    }

    [Fact]
    public async Task A_message_refused_for_good_is_given_up_and_does_not_blame_the_mailbox()
    {
        var fact = app.SignUp("unwanted@example.com");
        await app.Sandbox.ArmAsync("permanent", fact.Email, "DATA");
        await app.PublishAsync(fact);
        await app.SettledAsync("refused", fact.Email);
        Assert.Equal(0L, await app.ReadAsync<long>("select count(*) from bounces where address = @Email", new { fact.Email }));
        Assert.Equal([554], await app.Sandbox.AnswersAsync(fact.Email));
    }

    [Theory]
    [InlineData("cut_after", 1)]
    [InlineData("cut_before", 2)]
    public async Task Cut_when_the_message_was_complete_the_server_is_asked_and_the_mail_arrives_once(string kind, int attempts)
    {
        var fact = app.SignUp($"{kind}@example.com");
        await app.Sandbox.ArmAsync(kind, fact.Email);
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        await app.Sandbox.MailToAsync(fact.Email);
        Assert.Equal(attempts, await app.ReadAsync<int>("select attempts from kernel.effects where key = @key", new { key = $"welcome:{fact.UserId:N}" }));
    }

    [Fact]
    public async Task Cut_before_the_message_it_was_surely_not_taken_and_is_simply_sent_again()
    {
        var fact = app.SignUp("early-cut@example.com");
        await app.Sandbox.ArmAsync("cut_before", fact.Email, "RCPT");
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        Assert.Equal(0, await app.ReadAsync<int>("select probes from kernel.effects where key = @key", new { key = $"welcome:{fact.UserId:N}" }));
    }

    [Fact]
    public async Task A_password_the_server_does_not_take_is_not_the_mails_fault()
    {
        var fact = app.SignUp("after-password@example.com");
        await app.Sandbox.ArmAsync("permanent", "post@empire.example", "AUTH");
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
    }
}

/// <summary>A server that cannot be asked.</summary>
public sealed class PlainSmtpTests(PlainSmtpApp app) : IClassFixture<PlainSmtpApp>
{
    [Fact]
    public async Task Cut_when_the_message_was_complete_it_is_held_for_a_person_and_never_sent_twice()
    {
        var fact = app.SignUp("who-knows@example.com");
        await app.Sandbox.ArmAsync("cut_after", fact.Email);
        await app.PublishAsync(fact);
        await Eventually.EqualAsync("held", () => app.EffectStateAsync(fact.Email));
        await app.Sandbox.MailToAsync(fact.Email);
        Assert.Contains("Message-ID", await app.ReadAsync<string>("select detail from kernel.effects where key = @key", new { key = $"welcome:{fact.UserId:N}" }));
    }

    [Fact]
    public async Task Cut_before_the_message_it_needs_no_person()
    {
        var fact = app.SignUp("plain-early-cut@example.com");
        await app.Sandbox.ArmAsync("cut_before", fact.Email, "RCPT");
        await app.PublishAsync(fact);
        await app.SettledAsync("sent", fact.Email);
        await app.Sandbox.MailToAsync(fact.Email);
    }
}
