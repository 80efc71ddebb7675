using System.Diagnostics;
using System.Security.Cryptography;
using Dapper;
using Empire.Content.Tests.Stubs;
using Empire.Testing;
using Npgsql;

namespace Empire.Content.Tests.Pieces;

/// <summary>The service as a real process, killed at each of its fault points and started again.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData("content.reserved", 1)]
    [InlineData("content.called", 2)]
    [InlineData("content.settled", 1)]
    public async Task Killed_anywhere_the_piece_is_generated_once_and_every_call_is_in_the_books(string point, int calls)
    {
        await using var llm = await StubLlm.StartAsync();
        await using var identity = await StubIdentity.StartAsync(TenantId.New(TimeProvider.System.GetUtcNow()));
        await using var database = await TestDatabase.CreateAsync("content", typeof(Program).Assembly);
        await using var owner = await database.OpenAsOwnerAsync();
        var prefix = $"t{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}.";
        var faults = Directory.CreateTempSubdirectory("empire-faults-").FullName;
        await Heard.ListenAsync(owner);
        await AskForOnePieceAsync(owner);
        await File.WriteAllTextAsync(Path.Combine(faults, point), "0");

        using (var doomed = Start(database, llm, identity, faults, prefix)) await doomed.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        await owner.ExecuteAsync("update pieces set lease_until = now() - interval '1 second' where state = 'generating'"); // instead of waiting for five minutes
        using var healthy = Start(database, llm, identity, faults, prefix);
        try
        {
            await Eventually.TrueAsync(async () => await owner.ExecuteScalarAsync<string>("select state from pieces") == "generated", TimeSpan.FromSeconds(60));
        }
        finally
        {
            healthy.Kill();
            await healthy.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(Path.Combine(faults, $"{point}.fired")));
        Assert.Equal(calls, llm.Requests.Count);
        Assert.Single(await Heard.OfAsync(owner, "PieceGenerated"));
        var booked = await owner.ExecuteScalarAsync<long>("select coalesce(sum(cost_micros), 0)::bigint from llm_calls");
        Assert.Equal(booked, await owner.ExecuteScalarAsync<long>("select cost_micros from pieces"));
        Assert.Equal(booked, await owner.ExecuteScalarAsync<long>("select spent_micros from budget_days where reserved_micros = 0"));
        Assert.Equal(booked, await owner.ExecuteScalarAsync<long>("select spent_micros from others_budget_days where reserved_micros = 0")); // the piece is a customer's
        Assert.Equal(await owner.ExecuteScalarAsync<int>("select count(*) from llm_calls where cost_micros > 0"), (await Heard.OfAsync(owner, "CostIncurred")).Count);
    }

    private static Task<int> AskForOnePieceAsync(NpgsqlConnection owner) => owner.ExecuteAsync(
        """
        insert into pieces (id, tenant_id, request_key, kind, platform, brief, prompt_version, state, due_at, requested_at)
        values (@id, @tenant, 'crash', 'recipe', 'blog',
          '{"task":"recipe","brief":{"category":"dinner","difficulty":"medium","servings":4,"diet_type":"omnivore","cuisine":"american","include_affiliate":true}}', 1, 'requested', now(), now())
        """, new { id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), tenant = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) });

    private static Process Start(TestDatabase database, StubLlm llm, StubIdentity identity, string faults, string prefix)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(typeof(Program).Assembly.Location),
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["EMPIRE_FAULTS"] = faults,
                ["HTTP_PORT"] = "0",
                ["Empire__InternalKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["Empire__EncryptionKeys"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["ConnectionStrings__content"] = database.ConnectionString,
                ["ConnectionStrings__messaging"] = TestServers.RabbitMq,
                ["Messaging__Prefix"] = prefix,
                ["services__identity__grpc__0"] = identity.Address,
                ["Providers__OpenAI__BaseAddress"] = $"{llm.Address}/openai/v1",
                ["Providers__OpenAI__ApiKey"] = "key",
                ["Providers__OpenAI__Sandbox"] = "true",
                ["Providers__OpenRouter__BaseAddress"] = $"{llm.Address}/openrouter/v1",
                ["Providers__OpenRouter__ApiKey"] = "key",
                ["Providers__OpenRouter__Sandbox"] = "true",
            },
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => TestContext.Current.TestOutputHelper?.WriteLine(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
