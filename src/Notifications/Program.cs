using Rosa.Notifications;
using Rosa.Platform.Hosting;

return await ServiceProcess.RunAsync(
    new Service("notifications", Port: 8006, NotificationsService.AddNotifications, NotificationsService.MapNotifications, Calls: ["users"]), args);
