using System.Runtime.InteropServices;
using Rosa.Host;
using Rosa.Host.Distributed;

// Called by the rosa script at the root, which also says how.
try
{
    switch (args)
    {
        case ["up", .. var rest]:
            using (var stop = new CancellationTokenSource())
            {
                void Stop(PosixSignalContext signal)
                {
                    signal.Cancel = true;
                    stop.Cancel();
                }
                using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
                using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
                using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
                return await RosaHost.RunAsync(HostArguments.Parse(rest), stop.Token);
            }
        case ["status", "--data", var data, .. var how]:
            return await Status.PrintAsync(new DataFolder(data), asJson: how is ["--json"], Console.Out);
        case ["end-leftovers", "--data", var data]:
            await Records.EndLeftoversAsync(new DataFolder(data), _ => { });
            return 0;
        case ["roll", "--data", var data, .. var service] when service.Length <= 1:
            return await Roll.RunAsync(new DataFolder(data), service.FirstOrDefault(), Console.Out);
        case ["addresses", "--data", var data]:
            Addresses.Print(new DataFolder(data), Console.Out, withPasswords: true);
            return 0;
        default:
            throw new StartProblem("The host is started by ./rosa up.");
    }
}
catch (StartProblem problem)
{
    HostLog.Fail(problem.Message);
    return 1;
}
