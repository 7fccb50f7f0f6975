using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Standard error that takes nothing: a command must not fail for what it has to say.</summary>
public sealed class StandardErrorTests
{
    [Fact]
    public void A_notice_or_a_fault_that_nobody_can_read_does_not_end_the_process()
    {
        foreach (Exception fault in new Exception[] { new IOException("full"), new UnauthorizedAccessException("closed"), new ObjectDisposedException("error") })
        {
            int[] exitCodes = RoutedConsole.During<int[]>(null, new Deaf(fault), () =>
            {
                Terminal.Say("a notice");
                return [EdgeCommand.Run("inspect", "/nowhere/m.edge"), EdgeCommand.Run("sign")];
            });
            Assert.Equal([EdgeCommand.InputFault, EdgeCommand.UsageFault], exitCodes);
        }
    }

    private sealed class Deaf(Exception fault) : StringWriter
    {
        public override void Write(char value) => throw fault;

        public override void WriteLine(string? value) => throw fault;
    }
}
