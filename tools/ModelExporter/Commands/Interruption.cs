using System.Runtime.InteropServices;

namespace EdgeInference.Tool.Commands;

/// <summary>Ctrl-C and SIGTERM end the tool at once, and leave no file that is incomplete.</summary>
internal sealed class Interruption : IDisposable
{
    // By convention 128 and the signal's number.
    private const int SignalExitCode = 128;

    private readonly PosixSignalRegistration[] registrations = [Watch(PosixSignal.SIGINT, 2), Watch(PosixSignal.SIGTERM, 15)];

    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());

    private static PosixSignalRegistration Watch(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        AtomicFile.DeleteUnfinished();
        StandardError.Say("Stopped; unfinished files were removed.");
        Environment.Exit(SignalExitCode + number);
    });
}
