using Rosa.Gateway;
using Rosa.Platform.Hosting;

return await ServiceProcess.RunAsync(
    new Service("gateway", Port: 8000, GatewayService.AddGateway, GatewayService.MapGateway, Calls: GatewayService.Calls), args);
