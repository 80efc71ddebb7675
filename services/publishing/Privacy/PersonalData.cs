using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Messaging;
using Empire.Privacy;
using Empire.Security;

namespace Empire.Publishing.Privacy;

/// <summary>Publishing keeps of a person which posts they scheduled and which products they had made, and which stores they connected. All of it is the account's and stays.</summary>
[Queue("publishing.personal-data")]
public sealed class PersonalData(Sealer sealer, ThisService service) : PersonalDataHandler(sealer, service)
{
    protected override async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>> ExportAsync(Work work, Person person, CancellationToken ct) =>
        new Dictionary<string, IReadOnlyList<JsonElement>>
        {
            ["social_posts"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select id, platform, content, media_urls, scheduled_time, posted_at, status from social_posts where tenant_id = current_tenant() and user_id = @Actor order by scheduled_time limit @MostRows) r",
                person, ct),
            ["stores"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select id, platform, store_name, store_url, created_at from product_stores where tenant_id = current_tenant() and user_id = @Actor order by id limit @MostRows) r", person, ct),
            ["products"] = await RowsAsync(
                work, "select to_jsonb(r)::text from (select id, niche, product_type, title, description, price_micros, currency, created_at from products where tenant_id = current_tenant() and user_id = @Actor order by id limit @MostRows) r", person, ct),
        };

    /// <summary>A post's number begins with the millisecond it was scheduled in.</summary>
    protected override Task<int> EraseAsync(Work work, Person person, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            update social_posts set user_id = @Erased where tenant_id = current_tenant() and user_id = @Actor and id < @later;
            update product_stores set user_id = @Erased where tenant_id = current_tenant() and user_id = @Actor and created_at <= @ErasedAt;
            update products set user_id = @Erased where tenant_id = current_tenant() and user_id = @Actor and created_at <= @ErasedAt
            """, new { Person.Erased, person.Actor, person.ErasedAt, later = Guid.CreateVersion7(person.ErasedAt.AddMilliseconds(1)) }, ct);
}
