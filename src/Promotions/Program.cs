using Rosa.Platform.Hosting;
using Rosa.Promotions;

return await ServiceProcess.RunAsync(
    new Service("promotions", Port: 8004, PromotionsService.AddPromotions, PromotionsService.MapPromotions, Calls: [], GrpcPort: 8104), args);
