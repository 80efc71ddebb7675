using Empire.Http;

namespace Empire.Tests.Http;

public sealed class CursorTests
{
    private static readonly (DateTimeOffset At, Guid Id) Key = (new(2026, 3, 2, 8, 0, 0, 123, TimeSpan.Zero), Guid.Parse("0199f3b2-5a3c-7c3e-9d1e-6f2a3b4c5d6e"));

    [Fact]
    public void A_cursor_gives_back_the_key_exactly() => Assert.Equal(Key, Cursor.Decode<(DateTimeOffset, Guid)>(Cursor.Encode(Key)));

    [Fact]
    public void Any_changed_character_is_noticed()
    {
        var cursor = Cursor.Encode(Key);
        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = $"{cursor[..i]}{(cursor[i] == 'A' ? 'B' : 'A')}{cursor[(i + 1)..]}";
            if (changed == cursor) continue;
            Assert.Equal("cursor", Assert.Throws<InvalidFieldException>(() => Cursor.Decode<(DateTimeOffset, Guid)>(changed)).Field);
        }
    }

    [Fact]
    public void A_cursor_of_another_list_or_half_of_one_is_refused()
    {
        Assert.Throws<InvalidFieldException>(() => Cursor.Decode<(long, Guid)>(Cursor.Encode(Key)));
        Assert.Throws<InvalidFieldException>(() => Cursor.Decode<(DateTimeOffset, Guid)>(Cursor.Encode(Key)[..20]));
        Assert.Throws<InvalidFieldException>(() => Cursor.Decode<(DateTimeOffset, Guid)>(" "));
    }
}
