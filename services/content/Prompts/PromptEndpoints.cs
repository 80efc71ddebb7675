using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Content.Prompts;

public static class PromptEndpoints
{
    public static void MapPrompts(this IEndpointRouteBuilder app)
    {
        var prompts = app.MapGroup("/api/v1/content/prompts").WithTags("Prompts");
        prompts.MapGet("/", ListPrompts.HandleAsync).WithName("ListPrompts");
        prompts.MapGet("/{kind}/{version:int}", GetPrompt.HandleAsync).WithName("GetPrompt");
        prompts.MapPut("/{kind}", ChoosePrompt.HandleAsync).WithName("ChoosePrompt");
    }
}

/// <summary>One version of a prompt, and whether the caller's next pieces are made with it.</summary>
/// <example>{"kind": "recipe", "version": 1, "name": "recipe@1", "active": true, "route": "recipe", "temperature": 0.7, "max_tokens": 2000}</example>
public sealed record PromptView(string Kind, int Version, string Name, bool Active, string Route, float Temperature, int MaxTokens)
{
    public static PromptView Of(Prompt prompt, int active) =>
        new(prompt.Kind, prompt.Version, prompt.Name, prompt.Version == active, prompt.Route, prompt.Temperature, prompt.MaxTokens);
}

public static class ListPrompts
{
    /// <example>{"data": [{"kind": "recipe", "version": 1, "name": "recipe@1", "active": true, "route": "recipe", "temperature": 0.7, "max_tokens": 2000}]}</example>
    public sealed record Response(IReadOnlyList<PromptView> Data);

    public static async Task<Ok<Response>> HandleAsync(Caller caller, Database db, PromptLibrary library, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var chosen = await PromptChoices.AllAsync(work, ct);
        return TypedResults.Ok(new Response([.. library.All.Select(prompt => PromptView.Of(prompt, chosen.GetValueOrDefault(prompt.Kind, PromptLibrary.FirstVersion)))]));
    }
}

public static class GetPrompt
{
    /// <example>{"prompt": {"kind": "recipe", "version": 1, "name": "recipe@1", "active": true, "route": "recipe", "temperature": 0.7, "max_tokens": 2000},
    /// "system": "You are a recipe developer and food writer for a home-cooking site. …", "instruction": "Generate one unique recipe for the brief below, with: …"}</example>
    public sealed record Response(PromptView Prompt, string System, string Instruction);

    public static async Task<Results<Ok<Response>, NotFound>> HandleAsync(string kind, int version, Caller caller, Database db, PromptLibrary library, CancellationToken ct)
    {
        if (library.Find(kind, version) is not { } prompt) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return TypedResults.Ok(new Response(PromptView.Of(prompt, await PromptChoices.ActiveAsync(work, kind, ct)), prompt.System, prompt.Instruction));
    }
}

/// <summary>Makes a version the one that pieces asked for from now on are made with. Those asked for before keep theirs.</summary>
public static class ChoosePrompt
{
    /// <example>{"version": 1}</example>
    public sealed record Request([Range(1, int.MaxValue)] int Version);

    public static async Task<Results<Ok<PromptView>, NotFound>> HandleAsync(
        string kind, Request request, Caller caller, Database db, PromptLibrary library, TimeProvider clock, CancellationToken ct)
    {
        if (library.Find(kind, request.Version) is not { } prompt) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await PromptChoices.ChooseAsync(work, prompt, caller.Actor, clock.GetUtcNow(), ct);
        await work.CommitAsync(ct);
        return TypedResults.Ok(PromptView.Of(prompt, prompt.Version));
    }
}
