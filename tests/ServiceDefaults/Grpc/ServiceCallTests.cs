using Empire.Contracts.V1;
using Empire.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Empire.Tests.Grpc;

/// <summary>Two services in one conversation: who asks crosses the line, and nobody else gets in.</summary>
public sealed class ServiceCallTests : IAsyncLifetime
{
    private TestSite server = null!;
    private TestSite client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestSite.StartAsync(app => app.MapGrpcService<WhoAmI>(), builder => builder.Services.AddGrpcServices(), "--GRPC_PORT=0", "--LOG_LEVEL=CRITICAL");
        client = await TestSite.StartAsync(_ => { }, builder => builder.AddServiceClient<Identity.IdentityClient>("identity"), $"--services:identity:grpc:0={server.GrpcAddress}");
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_service_calls_in_its_own_name_for_a_tenant()
    {
        var reply = await Client().AuthenticateAsync(new(), Calls.For(client.Tenant, default));
        Assert.Equal((client.Tenant.Value.ToString(), "service:shop", "service"), (reply.TenantId, reply.Actor, reply.Role));
    }

    [Fact]
    public async Task A_callers_own_name_is_passed_on()
    {
        var reply = await Client().AuthenticateAsync(new(), Calls.For(new Caller(client.Tenant, "user:ada", "admin"), default));
        Assert.Equal(("user:ada", "admin"), (reply.Actor, reply.Role));
    }

    [Fact]
    public async Task A_call_without_a_caller_is_unauthenticated()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => Client().AuthenticateAsync(new()).ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Equal("A valid API key is needed.", refused.Status.Detail);
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline()
    {
        var late = await Assert.ThrowsAsync<RpcException>(() => Client().AuthenticateAsync(new() { ApiKey = "slow" }, Calls.For(client.Tenant, TimeSpan.FromMilliseconds(300), default)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
    }

    [Theory]
    [InlineData("no database", StatusCode.Unavailable)]   // waiting may help
    [InlineData("no table", StatusCode.Unknown)]          // a repeat meets it again
    public async Task Whose_database_is_away_is_away_itself(string fault, StatusCode status)
    {
        var failed = await Assert.ThrowsAsync<RpcException>(() => Client().AuthenticateAsync(new() { ApiKey = fault }, Calls.For(client.Tenant, default)).ResponseAsync);
        Assert.Equal(status, failed.StatusCode);
    }

    private ServiceCalls Calls => client.Services.GetRequiredService<ServiceCalls>();
    private Identity.IdentityClient Client() => client.Services.GetRequiredService<Identity.IdentityClient>();

    /// <summary>Answers with what it knows of the caller.</summary>
    private sealed class WhoAmI : Identity.IdentityBase
    {
        public override async Task<AuthenticateReply> Authenticate(AuthenticateRequest request, ServerCallContext context)
        {
            if (request.ApiKey == "slow") await Task.Delay(Timeout.Infinite, context.CancellationToken);
            if (request.ApiKey == "no database") await new NpgsqlConnection("Host=127.0.0.1;Port=9;Username=nobody;Timeout=2").OpenAsync(context.CancellationToken);
            if (request.ApiKey == "no table") throw new PostgresException("there is no such table", "ERROR", "ERROR", PostgresErrorCodes.UndefinedTable);
            var caller = context.Caller();
            return new() { TenantId = caller.Tenant.Value.ToString(), Actor = caller.Actor, Role = caller.Role };
        }
    }
}
