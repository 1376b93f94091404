using Rosa.Platform.Hosting;
using Rosa.Storefront;

return await ServiceProcess.RunAsync(
    new Service("storefront", Port: 8080, StorefrontService.AddStorefront, StorefrontService.MapStorefront, Calls: StorefrontService.Calls), args);
