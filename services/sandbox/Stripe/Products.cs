using System.Text.Json.Nodes;
using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Stripe;

static class Products
{
    public const string Type = "product";

    public static void Map(StripeRoutes routes)
    {
        routes.Post("/products", Parameters.Of("name!:str active:bool description:str metadata:map id:str url:str unit_label:str statement_descriptor:str"), Create);
        routes.Get("/products", Parameters.OfList("created:range active:bool"), call =>
            StripeList.Page(call, call.Work.All(Type).Where(p => call.Flag("active") is not { } active || p["active"]!.GetValue<bool>() == active)));
        routes.Get("/products/{id}", call => DocumentWork.Shown(call.Get(Type, call.Id)));
        routes.Post("/products/{id}", Parameters.Of("name:str active:bool description:str metadata:map url:str unit_label:str statement_descriptor:str"), Update);
    }

    public static JsonObject Make(StripeContext call, string name, string? id = null)
    {
        if (id is not null && call.Work.Look(id) is not null) throw StripeException.Invalid("Product already exists.", "id", "resource_already_exists");
        var product = new JsonObject
        {
            ["id"] = id ?? StripeContext.NewId("prod", 14),
            ["object"] = Type,
            ["active"] = true,
            ["created"] = call.Now,
            ["default_price"] = null,
            ["description"] = null,
            ["features"] = new JsonArray(),
            ["images"] = new JsonArray(),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["name"] = name,
            ["package_dimensions"] = null,
            ["shippable"] = null,
            ["statement_descriptor"] = null,
            ["tax_code"] = null,
            ["unit_label"] = null,
            ["updated"] = call.Now,
            ["url"] = null,
        };
        return call.Work.Add(Type, product);
    }

    static JsonNode Create(StripeCall call)
    {
        var product = Make(call, call.Text("name") ?? throw StripeException.Invalid("You passed an empty string for 'name'.", "name", "parameter_invalid_empty"), call.Text("id"));
        call.CopyTo(product, "active", "description", "url", "unit_label", "statement_descriptor");
        call.Emit("product.created", product);
        return DocumentWork.Shown(product);
    }

    static JsonNode Update(StripeCall call)
    {
        var product = call.Get(Type, call.Id);
        call.CopyTo(product, "name", "active", "description", "url", "unit_label", "statement_descriptor");
        product["updated"] = call.Now;
        call.Emit("product.updated", product);
        return DocumentWork.Shown(product);
    }
}
