using System;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>
    /// Signals and learning heads on a board or on nanoCLR, to the bit what EdgeRuntime gives on the desktop: a test of EdgeRuntime.Nano.Tests
    /// writes what is expected and holds it to the engine. Success is the line that begins with ALL PASSED.
    /// </summary>
    public static class Program
    {
        /// <summary>Runs everything.</summary>
        public static void Main()
        {
            Console.WriteLine("EdgeInference.Nano signals and learning, device tests");
            SignalTests.Run();
            LearningTests.Run();
            Report.End();
            Costs.Run();
        }
    }
}
