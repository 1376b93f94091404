using Rosa.Platform.Hosting;
using Rosa.Recommendations;

return await ServiceProcess.RunAsync(
    new Service("recommendations", Port: 8005, RecommendationsService.AddRecommendations, RecommendationsService.MapRecommendations, Calls: ["users", "catalog"]), args);
