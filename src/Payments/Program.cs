using Rosa.Payments;
using Rosa.Platform.Hosting;

return await ServiceProcess.RunAsync(new Service("payments", Port: 8007, PaymentsService.AddPayments, PaymentsService.MapPayments, Calls: []), args);
