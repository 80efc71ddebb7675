using Empire.Sandbox.Composer;
using Empire.Sandbox.Composer.Text;

namespace Empire.Sandbox.Tests.Composer;

public sealed class TemplateTests
{
    static string? Fill(string template, int seed = 0) => Template.Fill(template, new Dice($"{seed}"), name => name switch { "tool" => "egg timer", "person" => "cook", _ => null });

    [Theory]
    [InlineData("take [a tool] or [a person]", "Take an egg timer or a cook")]
    [InlineData("the [tool]< with [missing]> works. it does", "The egg timer works. It does")]
    [InlineData("{only [missing]|the [tool]} stays", "The egg timer stays")]
    [InlineData("weighs 1.4 kg, e.g. today", "Weighs 1.4 kg, e.g. today")]
    public void A_line_is_filled(string template, string text) => Assert.Equal(text, Fill(template));

    [Fact] public void A_line_with_an_unknown_slot_cannot_be_used() => Assert.Null(Fill("the [missing] works"));

    [Fact] public void Choices_nest_and_are_all_reached() => Assert.Equal(["A", "B x", "B y"], Enumerable.Range(0, 100).Select(i => Fill("{a|b {x|y}}", i)).Distinct().Order());
}
