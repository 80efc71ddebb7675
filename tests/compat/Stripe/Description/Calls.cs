using System.Reflection;

namespace Stripe.Tests.Description;

/// <summary>Every method of every service.</summary>
public static class Calls
{
    public static IEnumerable<MethodInfo> All =>
        typeof(StripeClient).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.BaseType is { IsGenericType: true } parent && (parent.GetGenericTypeDefinition() == typeof(Service<>) || parent.GetGenericTypeDefinition() == typeof(ServiceNested<>)))
            .SelectMany(service => service.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal));

    /// <summary>Calls it with filled options; of a list page by page, the first page.</summary>
    /// <returns>What it answers, or its first item.</returns>
    public static async Task<object?> InvokeAsync(MethodInfo method, IStripeClient client, int variant)
    {
        var service = Activator.CreateInstance(method.DeclaringType!, client);
        var arguments = method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(string) ? "id_1"
            : typeof(BaseOptions).IsAssignableFrom(parameter.ParameterType) ? Filled.Of(parameter.ParameterType, variant)
            : parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None
            : null).ToArray();
        var answer = method.Invoke(service, arguments)!;
        if (answer is Task call)
        {
            await call;
            return answer.GetType().GetProperty("Result")!.GetValue(answer);
        }
        await foreach (var item in (IAsyncEnumerable<object>)answer) return item;
        return null;
    }
}
