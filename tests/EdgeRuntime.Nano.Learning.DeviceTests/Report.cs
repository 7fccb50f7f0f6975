using System;

namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>Counts checks and prints a line for each. A program that fails to load also ends with exit code 0, so only these lines count.</summary>
    internal static class Report
    {
        private static int passed;
        private static int failed;

        /// <summary>Prints PASS or FAIL.</summary>
        internal static void Check(bool good, string what)
        {
            passed += good ? 1 : 0;
            failed += good ? 0 : 1;
            Console.WriteLine((good ? "PASS " : "FAIL ") + what);
        }

        /// <summary>Prints the last line.</summary>
        internal static void End()
        {
            Console.WriteLine(failed == 0 ? "ALL PASSED: " + passed.ToString() : "FAILED: " + failed.ToString() + " of " + (passed + failed).ToString());
        }
    }
}
