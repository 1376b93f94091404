using Rosa.Platform.Hosting;
using Rosa.Platform.Tests.Messaging;

// The tests; or one of their services as a process of its own, for those who end processes.
return args is ["serve", var name, .. var settings]
    ? await ServiceProcess.RunAsync(name == Telling.Teller.Name ? Telling.Teller : Telling.Listener(name), settings)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
