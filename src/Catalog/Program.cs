using Rosa.Catalog;
using Rosa.Platform.Hosting;

return await ServiceProcess.RunAsync(
    new Service("catalog", Port: 8002, CatalogService.AddCatalog, CatalogService.MapCatalog, Calls: ["users", "promotions"], GrpcPort: 8102), args);
