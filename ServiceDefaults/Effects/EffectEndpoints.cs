using Empire.Effects;
using Empire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire;

public static class EffectEndpoints
{
    /// <summary>The operator's view of this service's effects: list, one with its history, verdict on held ones, kill switch.</summary>
    public static WebApplication MapEffects(this WebApplication app)
    {
        var service = app.Services.GetRequiredService<ThisService>().Name;
        var effects = app.MapGroup($"/api/v1/{service}/effects").WithTags("Effects").ForRoles("owner", "admin", "service");
        effects.MapGet("", ListEffects.HandleAsync).WithName("ListEffects");
        effects.MapGet("/{id}", GetEffect.HandleAsync).WithName("GetEffect");
        effects.MapPost("/{id}/verdict", GiveVerdict.HandleAsync).WithName("GiveEffectVerdict");
        effects.MapGet("/switch", KillSwitch.ReadAsync).WithName("GetEffectSwitch");
        effects.MapPost("/halt", KillSwitch.HaltAsync).WithName("HaltEffects");
        effects.MapPost("/resume", KillSwitch.ResumeAsync).WithName("ResumeEffects");
        return app;
    }
}
