using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;
using Empire.Sandbox.Webhooks;

namespace Empire.Sandbox.Stripe;

/// <summary>Objects as Stripe shows them now: some fields follow from the time or from other objects and are not stored.</summary>
static class Show
{
    public static JsonObject Of(StripeContext context, JsonObject item)
    {
        var shown = DocumentWork.Shown(item);
        switch (shown["object"]!.ToString())
        {
            case "balance_transaction":
                shown["status"] = shown["available_on"]!.Whole() <= context.Now ? "available" : "pending";
                break;
            case "coupon":
                shown["valid"] = Coupons.IsValid(item, context.Now);
                break;
            case "promotion_code":
                shown["active"] = PromotionCodes.IsActive(item, context.Now);
                break;
            case "event":
                var id = shown["id"]!.ToString();
                shown["pending_webhooks"] = context.Work.All(Webhook.Type).Count(w => w["about"]!.ToString() == id);
                break;
        }
        return shown;
    }
}
