using Dapper;
using Npgsql;

namespace Empire.Content.Tests;

/// <summary>Everything that was ever put into an outbox, copied by a trigger: the dispatcher takes events away faster than a test can look.</summary>
internal static class Heard
{
    public static Task<int> ListenAsync(NpgsqlConnection owner) => owner.ExecuteAsync(
        """
        create table heard (seq bigint generated always as identity, type text not null, body text not null);
        create function hear() returns trigger language plpgsql security definer as $$
        begin
          insert into public.heard (type, body) values (new.type, new.body);
          return new;
        end $$;
        create trigger hear after insert on kernel.outbox for each row execute function hear();
        """);

    /// <param name="type">An event of contracts.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(NpgsqlConnection owner, string type) =>
        (await owner.QueryAsync<string>("select body from heard where type = @type order by seq", new { type = $"Empire.Contracts.{type}" })).AsList();
}
