using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests;

/// <summary>Does what its requests ask for, and tells in trailers what it saw of the call.</summary>
public sealed class EchoService(CallRecord record) : Echo.EchoBase
{
    public override async Task<Words> Say(Words request, ServerCallContext context)
    {
        if (request.Text == "throw") throw new InvalidOperationException("the secret cause");
        await AnswerMetadataAsync(context);
        await ObeyAsync(request, context);
        return request;
    }

    public override async Task<Words> Collect(IAsyncStreamReader<Words> requestStream, ServerCallContext context)
    {
        var texts = new List<string>();
        await foreach (var words in requestStream.ReadAllAsync())
        {
            await ObeyAsync(words, context);
            texts.Add(words.Text);
        }

        return new Words { Text = string.Join(' ', texts), Times = texts.Count };
    }

    public override async Task Repeat(Words request, IServerStreamWriter<Words> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Times; i++) await responseStream.WriteAsync(new Words { Text = request.Text, Times = i, Blob = request.Blob });
        await ObeyAsync(request, context);
    }

    public override async Task Chat(IAsyncStreamReader<Words> requestStream, IServerStreamWriter<Words> responseStream, ServerCallContext context)
    {
        await foreach (var words in requestStream.ReadAllAsync())
        {
            await ObeyAsync(words, context);
            await responseStream.WriteAsync(words);
        }
    }

    /// <summary>Sends the caller's own <c>x-…</c> headers back, with the headers and again with the trailers.</summary>
    static async Task AnswerMetadataAsync(ServerCallContext context)
    {
        var own = context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)).ToList();
        if (own.Count == 0) return;
        var headers = new Metadata();
        foreach (var entry in own)
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        await context.WriteResponseHeadersAsync(headers);
    }

    async Task ObeyAsync(Words words, ServerCallContext context)
    {
        if (words.Hang)
        {
            record.Deadline = context.Deadline;
            record.Hanging.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                record.Cancelled.TrySetResult();
            }
        }

        if (words.FailWith != 0)
        {
            var trailers = new Metadata { { "x-reason", "asked for" }, { "x-proof-bin", [0, 1, 254, 255] } };
            throw new RpcException(new Status((StatusCode)words.FailWith, $"Zurückgewiesen: 100 % „{words.Text}“"), trailers);
        }
    }
}

/// <summary>What a test wants to know of a call that is under way on the server.</summary>
public sealed class CallRecord
{
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateTime Deadline { get; set; }
}
