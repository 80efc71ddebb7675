using Empire.Shop;
using Microsoft.AspNetCore.Builder;

var builder = WebApplication.CreateSlimBuilder(args);
await ShopService.Build(builder).RunAsync();
