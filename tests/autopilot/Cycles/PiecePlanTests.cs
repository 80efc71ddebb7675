using Empire.Autopilot.Cycles;
using Empire.Autopilot.Cycles.Steps;

namespace Empire.Autopilot.Tests.Cycles;

public sealed class PiecePlanTests
{
    private static readonly DateOnly Day = new(2026, 3, 2);

    [Fact]
    public void The_best_products_get_each_kind_up_to_its_number_and_recipes_go_to_their_niches()
    {
        var selection = Enumerable.Range(0, 6).Select(i => (Guid.CreateVersion7(), i % 2 == 0 ? "kitchen" : "running")).ToList();
        var planned = PiecePlan.For(selection, new() { BlogPosts = 2, SocialPosts = 3, Scripts = 4, Recipes = 2 }, Day);
        Assert.Equal(selection.Take(2).Select(s => s.Item1), Of("blog_post"));
        Assert.Equal(selection.Take(3).Select(s => s.Item1), Of("social_post"));
        Assert.Equal(selection.Take(4).Select(s => s.Item1), Of("script"));
        Assert.Equal([selection[0].Item1, selection[2].Item1], Of("recipe"));

        IEnumerable<Guid> Of(string kind) => planned.Where(p => p.Kind == kind).Select(p => p.ProductId);
    }

    [Fact]
    public void A_piece_has_one_key_a_day_whichever_cycle_plans_it()
    {
        var product = Guid.CreateVersion7();
        var plan = new CyclePlan { BlogPosts = 1, SocialPosts = 0, Scripts = 0, Recipes = 0 };
        var key = Assert.Single(PiecePlan.For([(product, "running")], plan, Day)).Key;
        Assert.Equal(key, PiecePlan.For([(product, "running"), (Guid.CreateVersion7(), "running")], plan, Day)[0].Key);
        Assert.NotEqual(key, PiecePlan.For([(product, "running")], plan, Day.AddDays(1))[0].Key);
    }
}
