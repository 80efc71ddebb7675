using Dapper;
using Empire.Publishing.Privacy;
using Empire.Testing;

namespace Empire.Publishing.Tests.Privacy;

public sealed class PersonalDataTests(PublishingApp app) : IClassFixture<PublishingApp>
{
    [Fact]
    public async Task What_is_kept_of_a_person_is_told_and_then_no_longer_theirs_while_the_account_keeps_its_rows()
    {
        var (user, tenant) = (Guid.CreateVersion7(), app.Tenant.Value);
        var actor = $"user:{user:N}";
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await owner.ExecuteAsync(
            """
            insert into social_posts (id, tenant_id, user_id, platform, content, scheduled_time, test) values (@post, @tenant, @actor, 'twitter', 'hello', now(), true),
              (@other, @tenant, 'user:other', 'twitter', 'other', now(), true)
            """, new { tenant, actor, post = Guid.CreateVersion7(), other = Guid.CreateVersion7() });
        await owner.ExecuteAsync(
            """
            insert into products (id, tenant_id, user_id, niche, product_type, title, description, price_micros, currency, features, seo_title, meta_description, slug, keywords, piece_id,
              prompt_version, test, created_at, updated_at)
            select gen_random_uuid(), @tenant, who, 'tea', 'guide', 'Tea', 'About tea.', 1, 'USD', '{}', 'Tea', 'Tea', 'tea', '{}', gen_random_uuid(), 'listing@1', true, now(), now() from unnest(array[@actor, 'user:other']) who
            """, new { tenant, actor });
        await owner.ExecuteAsync(
            """
            insert into product_stores (id, tenant_id, user_id, platform, platform_id, store_name, api_credentials, currency, test, created_at, set_at)
            select gen_random_uuid(), @tenant, who, 'gumroad', who, 'A store', 's1.sealed', 'USD', true, now(), now() from unnest(array[@actor, 'user:other']) who
            """, new { tenant, actor });
        var probe = new PersonalDataProbe(app.Services, app.Database, app.Tenant, user, "ada@people.example");
        var told = await probe.ExportAsync<PersonalData>();
        foreach (var kind in (string[])["social_posts", "products", "stores"]) Assert.Equal(1, told.GetProperty(kind).GetArrayLength());
        Assert.Equal(3, await probe.EraseAsync<PersonalData>());
        Assert.DoesNotContain("sealed", told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from product_stores where user_id = @actor", new { actor }));
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from products where user_id = @actor", new { actor }));
        Assert.Equal(2, await owner.QuerySingleAsync<int>("select count(*)::int from products where tenant_id = @tenant", new { tenant }));
        Assert.Equal(0, await owner.QuerySingleAsync<int>("select count(*)::int from social_posts where user_id = @actor", new { actor }));
        Assert.Equal(2, await owner.QuerySingleAsync<int>("select count(*)::int from social_posts where tenant_id = @tenant", new { tenant }));
        Assert.Equal(0, await probe.EraseAsync<PersonalData>()); // asked again
        Assert.False((await probe.ExportAsync<PersonalData>()).TryGetProperty("social_posts", out _));

        var asked = TimeProvider.System.GetUtcNow();
        await probe.TryEraseAsync<PersonalData>(asked);
        await owner.ExecuteAsync(
            """
            insert into social_posts (id, tenant_id, user_id, platform, content, scheduled_time, test) values (@post, @tenant, @actor, 'twitter', 'back', now(), true);
            update products set user_id = @actor, created_at = now() where tenant_id = @tenant and user_id = 'user:other'
            """, new { tenant, actor, post = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddSeconds(1)) });
        Assert.Equal(0, await probe.TryEraseAsync<PersonalData>(asked)); // asked again, it is not about somebody who has come back into the account
    }
}
