using Rosa.Platform.Hosting;
using Rosa.Users;

return await ServiceProcess.RunAsync(new Service("users", Port: 8001, UsersService.AddUsers, UsersService.MapUsers, Calls: ["orders", "catalog", "promotions", "payments", "notifications", "recommendations"]), args);
