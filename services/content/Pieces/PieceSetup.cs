using Dapper;
using Empire.Configuration;
using Empire.Content.Articles;
using Empire.Content.BlogPosts;
using Empire.Content.Recipes;
using Empire.Content.Scripts;
using Empire.Content.SocialPosts;
using Empire.Data;

namespace Empire.Content.Pieces;

public static class PieceSetup
{
    /// <summary>A cycle a day, and two hours for it.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromHours(26);

    public static void AddPieces(this IHostApplicationBuilder builder)
    {
        SqlMapper.AddTypeHandler(new PieceId.Column());
        builder.AddSettings<GenerationOptions>("Generation");
        var services = builder.Services;
        services.AddSingleton<PieceKind, RecipeKind>();
        services.AddSingleton<PieceKind, BlogPostKind>();
        services.AddSingleton<PieceKind, ScriptKind>();
        services.AddSingleton<PieceKind, SocialPostKind>();
        services.AddSingleton<PieceKind, ArticleKind>();
        services.AddSingleton<PieceKinds>();
        services.AddSingleton<PieceRequests>();
        services.AddSingleton<CallBook>();
        services.AddSingleton<GenerationMeter>();
        services.AddSingleton<PieceWriter>();
        services.AddSingleton<WriteNow>();
        services.AddSingleton<DuePieces>();
        services.AddHostedService<GenerationWorker>();
        services.AddBusinessCheck("last_piece", LongestQuiet, async (provider, ct) =>
        {
            await using var work = await provider.GetRequiredService<Database>().BeginSystemAsync(ct);
            return await PieceTable.LastGeneratedAsync(work, provider.GetRequiredService<PieceKinds>().Names, ct);
        });
        services.AddBusinessCheck("last_recipe", LongestQuiet, async (provider, ct) =>
        {
            await using var work = await provider.GetRequiredService<Database>().BeginSystemAsync(ct);
            return await PieceTable.LastGeneratedAsync(work, [RecipeKind.KindName], ct);
        }, onceBegun: true);
    }
}
