using Rosa.Orders;
using Rosa.Platform.Hosting;

return await ServiceProcess.RunAsync(
    new Service("orders", Port: 8003, OrdersService.AddOrders, OrdersService.MapOrders, Calls: ["catalog", "promotions", "payments"]), args);
