using Rosa.Backoffice;
using Rosa.Platform.Hosting;

return await ServiceProcess.RunAsync(
    new Service("backoffice", Port: 8081, BackofficeService.AddBackoffice, BackofficeService.MapBackoffice, Calls: BackofficeService.Calls), args);
