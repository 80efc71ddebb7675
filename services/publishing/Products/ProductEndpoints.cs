using Empire.Contracts.V1;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Publishing.Products;

public static class ProductEndpoints
{
    private static readonly string[] Writers = ["owner", "admin", "member", "service"];

    public static void AddProducts(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient<Listings.ListingsClient>("content");
        builder.Services.AddSingleton<ListingSource>();
    }

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/api/products").WithTags("Products");
        products.MapPost("/create", CreateProduct.HandleAsync).WithName("CreateProduct").ForRoles(Writers).WithIdempotencyKey();
        products.MapGet("/list", ListProducts.HandleAsync).WithName("ListProducts");
        products.MapPost("/optimize", OptimizeProduct.HandleAsync).WithName("OptimizeProduct").ForRoles(Writers).WithIdempotencyKey();
        products.MapPut("/{id}", ChangeProduct.HandleAsync).WithName("ChangeProduct").ForRoles(Writers);
        products.MapDelete("/{id}", DeleteProduct.HandleAsync).WithName("DeleteProduct").ForRoles(Writers);
    }

    internal static ProblemHttpResult NotFound(string id) => new Refusal("not-found", $"There is no such product as '{id}'.").ToProblem(StatusCodes.Status404NotFound);
}
